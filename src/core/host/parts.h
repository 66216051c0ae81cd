/* host/parts.h
 * Shared by the files of this room: small files of /proc and /sys, below a root. */
#ifndef PERFSCALE_HOST_PARTS_H
#define PERFSCALE_HOST_PARTS_H

/* A file as text, at most 64 KiB; NULL when it is not there. The caller frees. */
char *host_slurp(const char *root, const char *path);

/* The first number of a file; NAN when it does not begin with one ("max"). */
double host_number_in(const char *root, const char *path);

/* The number behind a word at the beginning of a line; NAN when there is none. */
double host_number_after(const char *root, const char *path, const char *word);

/* The smaller one; NAN says nothing. */
double host_least(double a, double b);

/* Limits of the control groups that this process is in, the nearest and all above it: cores, and
 * bytes that are left. NAN: none. */
double cgroup_cores(const char *root);
double cgroup_memory(const char *root);

#endif
