/* host/cpu.h
 * How busy this machine is: the load generator beside a run that is watched. */
#ifndef PERFSCALE_HOST_CPU_H
#define PERFSCALE_HOST_CPU_H

#include <stdbool.h>

/* Seconds since the machine started, of all cores together. Between two of them the share
 * (busy - busy) / (all - all) is how busy it was. Waiting for a disk is not busy; time that a
 * hypervisor took away is. */
struct cpu_sample {
    double busy_s, all_s;
};

/* From /proc/stat below root ("" for the real machine). false: it cannot be read. */
bool host_cpu(struct cpu_sample *out, const char *root);

#endif
