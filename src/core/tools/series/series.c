#include "tools/series/series.h"

#include "tools/series/results.h"

const struct tool tool_series = {
    .name = "series",
    .title = "Plain series",
    .scripts = (const char *const[]){NULL},
    .readers = (const struct reader *const[]){&series_steps_reader, &series_stress_reader,
                                              &series_soak_reader, &series_memory_reader,
                                              &prometheus_json_reader, NULL},
    .results = "a table of steps, a series over time, memory (CSV or Prometheus' JSON)",
};
