#include "load/facts.h"

void facts_fini(struct facts *f) {
    findings_fini(&f->findings);
    *f = (struct facts){0};
}
