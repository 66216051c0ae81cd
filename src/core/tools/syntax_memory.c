#include "tools/syntax_memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tree_sitter/api.h>

#include "base/mem.h"

/* Stands before every block. The marks can be neither two children of a node nor two pointers. */
struct block {
    struct block *before, *after;
    uint64_t mark[2];
};
static const uint64_t marks[2] = {0xf5e1d3c7b9a58642, 0xfa6b8c9d0e1f2a34};

static struct block *blocks; /* all that are in use */
static int trees;

static void *add(struct block *b) {
    *b = (struct block){.after = blocks};
    memcpy(b->mark, marks, sizeof marks);
    if (blocks)
        blocks->before = b;
    blocks = b;
    return b + 1;
}

static struct block *block_of(void *p) {
    struct block *b = p ? (struct block *)p - 1 : NULL;
    return b && memcmp(b->mark, marks, sizeof marks) == 0 ? b : NULL;
}

static struct block *take(struct block *b) {
    if (b->before)
        b->before->after = b->after;
    else
        blocks = b->after;
    if (b->after)
        b->after->before = b->before;
    memset(b->mark, 0, sizeof b->mark);
    return b;
}

static void *get(size_t size) { return add(mem_resize(NULL, sizeof(struct block) + size, 1)); }

static void *get_zeroed(size_t n, size_t size) {
    if (size && n > (SIZE_MAX - sizeof(struct block)) / size)
        return mem_new(n, size); /* which ends the program */
    return add(mem_new(sizeof(struct block) + n * size, 1));
}

static void *resize(void *p, size_t size) {
    struct block *b = block_of(p);
    return b ? add(mem_resize(take(b), sizeof(struct block) + size, 1)) : get(size);
}

static void drop(void *p) {
    struct block *b = block_of(p);
    if (b)
        free(take(b));
}

void syntax_memory_begin(void) {
    ts_set_allocator(get, get_zeroed, resize, drop);
    trees++;
}

void syntax_memory_end(void) {
    if (--trees > 0)
        return;
    while (blocks)
        free(take(blocks));
}
