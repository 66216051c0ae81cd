#include "stats/slab.h"

#include <sys/mman.h>

#include "base/mem.h"

void *slab_take(size_t bytes) {
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? mem_new((size_t)-1, (size_t)-1) : p; /* ends the program */
}

void slab_give(void *slab, size_t bytes) {
    if (slab)
        munmap(slab, bytes);
}
