#include "tools/locust/locust.h"

const struct tool tool_locust = {
    .name = "locust",
    .title = "Locust",
    .scripts = (const char *const[]){"locustfile*.py", NULL},
    .readers = (const struct reader *const[]){NULL},
    .need = "locust_http",
};
