/* report/json.h
 * Small helpers over cJSON for this room. */
#ifndef PERFSCALE_REPORT_JSON_H
#define PERFSCALE_REPORT_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/finding.h"
#include "report/report.h"

/* NAN and infinities become null. Every other number reads back as the same bits. */
cJSON *json_number_new(double value);
void json_number(cJSON *to, const char *name, double value);
void json_number_item(cJSON *list, double value);
void json_numbers(cJSON *to, const char *name, const double *value, int n);
/* Texts go through the filter of base/text.h. NULL and "" become null in json_text, "" in
 * json_string. */
cJSON *json_text_new(const char *text);
void json_text(cJSON *to, const char *name, const char *text);
void json_string(cJSON *to, const char *name, const char *text);
void json_item(cJSON *list, const char *text);
void json_words(cJSON *to, const char *name, const char *const *words);
void json_findings(cJSON *to, const struct findings *f);
/* The printed form; frees the object. */
char *json_print(cJSON *object);

/* Reading back: a member of the right type or ERR_FORMAT with its name. null numbers are NAN. */
bool json_get_number(const cJSON *from, const char *name, double *out, struct err *e);
bool json_get_text(const cJSON *from, const char *name, char *out, size_t size, struct err *e);
const cJSON *json_get_array(const cJSON *from, const char *name, struct err *e);
const cJSON *json_get_object(const cJSON *from, const char *name, struct err *e);
/* ERR_FORMAT with line when it is no JSON object; ERR_LIMIT above REPORT_MAX_BYTES. */
cJSON *json_parse(const char *text, struct err *e);

#endif
