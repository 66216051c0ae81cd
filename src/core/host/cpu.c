#include "host/cpu.h"

#include <stdio.h>
#include <unistd.h>

/* The fields of the first line of /proc/stat, as proc(5) names them. Guests are in user and nice
 * already. */
enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, FIELDS };

/* The file is long on a large machine, and only its first line is wanted. */
static bool first_line(const char *root, char *out, size_t size) {
    char path[1024];
    snprintf(path, sizeof path, "%s/proc/stat", root);
    FILE *f = fopen(path, "re");
    bool ok = f && fgets(out, (int)size, f);
    if (f)
        fclose(f);
    return ok;
}

bool host_cpu(struct cpu_sample *out, const char *root) {
    char line[256];
    double field[FIELDS] = {0}, all = 0;
    long ticks = sysconf(_SC_CLK_TCK);
    if (ticks <= 0 || !first_line(root, line, sizeof line) ||
        sscanf(line, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &field[USER], &field[NICE],
               &field[SYSTEM], &field[IDLE], &field[IOWAIT], &field[IRQ], &field[SOFTIRQ],
               &field[STEAL]) <= IDLE)
        return false;
    for (int i = 0; i < FIELDS; i++)
        all += field[i];
    out->all_s = all / (double)ticks;
    out->busy_s = (all - field[IDLE] - field[IOWAIT]) / (double)ticks;
    return true;
}
