#include "tools/jmeter/jtl_errors.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/jmeter/results.h"

enum { SLOTS = 256, LABEL_MAX_BYTES = 120, REASON_MAX_BYTES = 110 };

struct jtl_error {
    uint64_t hash; /* of what the text was made from; 0: empty */
    uint64_t count;
    char text[SCOPE_MAX_BYTES];
};

void jtl_errors_fini(struct jtl_errors *t) {
    free(t->kind);
    *t = (struct jtl_errors){0};
}

/* --- words ----------------------------------------------------------------------------------- */

static bool begins(struct jtl_text t, const char *word, size_t len) {
    return t.len >= len && memcmp(t.s, word, len) == 0;
}

static struct jtl_text behind(struct jtl_text t, const char *prefix) {
    size_t n = strlen(prefix);
    return begins(t, prefix, n) ? (struct jtl_text){t.s + n, t.len - n} : t;
}

/* "java.net.SocketTimeoutException": the name without its package. */
static struct jtl_text class_name(struct jtl_text t) {
    for (size_t i = t.len; i > 0; i--)
        if (t.s[i - 1] == '.')
            return (struct jtl_text){t.s + i, t.len - i};
    return t;
}

static struct jtl_text first_line(struct jtl_text t) {
    t.s = text_trim(t.s, &t.len);
    const char *end = t.len ? memchr(t.s, '\n', t.len) : NULL;
    if (end)
        t.len = (size_t)(end - t.s);
    t.s = text_trim(t.s, &t.len);
    return t;
}

/* An answer that is no error for HTTP: an assertion made it one. */
static bool good_status(struct jtl_text code) {
    return code.len == 3 && (code.s[0] == '2' || code.s[0] == '3');
}

static struct jtl_text reason_of(const struct jtl_failure *f) {
    bool asserted = f->assertion.len && (good_status(f->code) || (!f->code.len && !f->message.len));
    return first_line(asserted ? f->assertion : f->message);
}

static void put(struct text_out *o, struct jtl_text t, size_t most) {
    if (t.len > most)
        for (t.len = most; t.len && ((unsigned char)t.s[t.len] & 0xc0) == 0x80;)
            t.len--;
    text_put(o, t.s, t.len);
}

static void put_word(struct text_out *o, const char *word) { text_put(o, word, strlen(word)); }

/* "create order: 503 Service Unavailable", "list: SocketTimeoutException: Read timed out". */
static void word_it(const struct jtl_failure *f, char *out, size_t size) {
    static const char no_answer[] = "Non HTTP response code: ";
    struct text_out o = {.to = out, .size = size};
    struct jtl_text code = f->code, reason = behind(reason_of(f), "Non HTTP response message: ");
    bool answered = !begins(code, no_answer, sizeof no_answer - 1);
    if (!answered)
        code = class_name(behind(code, no_answer));
    put(&o, f->label, LABEL_MAX_BYTES);
    put_word(&o, o.len ? ": " : "");
    put(&o, code, REASON_MAX_BYTES);
    if (reason.len)
        put_word(&o, !code.len ? "" : !answered ? ": " : good_status(code) ? ", " : " ");
    put(&o, reason, REASON_MAX_BYTES);
    if (!code.len && !reason.len)
        put_word(&o, "failed");
}

/* --- the table ------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t h, struct jtl_text t) {
    h ^= t.len;
    for (; t.len >= 8; t.s += 8, t.len -= 8) {
        uint64_t x;
        memcpy(&x, t.s, 8);
        h = (h ^ x) * UINT64_C(0x9E3779B97F4A7C15);
        h ^= h >> 32;
    }
    for (size_t i = 0; i < t.len; i++)
        h = (h ^ (unsigned char)t.s[i]) * UINT64_C(0x100000001B3);
    return h ^ h >> 29;
}

static struct jtl_error *slot_of(struct jtl_errors *t, uint64_t hash) {
    size_t i = hash % SLOTS;
    while (t->kind[i].hash && t->kind[i].hash != hash)
        i = (i + 1) % SLOTS;
    return &t->kind[i];
}

void jtl_errors_add(struct jtl_errors *t, const struct jtl_failure *f) {
    if (!t->kind)
        t->kind = mem_new(SLOTS, sizeof *t->kind);
    uint64_t hash = mix(mix(mix(1, f->label), f->code), reason_of(f)) | 1;
    struct jtl_error *x = slot_of(t, hash);
    if (!x->hash && t->kinds == ERRORS_MAX) {
        t->others++;
        return;
    }
    if (!x->hash) {
        t->kinds++;
        x->hash = hash;
        word_it(f, x->text, sizeof x->text);
    }
    x->count++;
}

void jtl_errors_say(const struct jtl_errors *t, const struct sink *out) {
    for (size_t i = 0; t->kind && i < SLOTS; i++)
        if (t->kind[i].hash)
            sink_text(out, DOOR_ERROR, t->kind[i].text, (double)t->kind[i].count);
    if (t->others)
        sink_text(out, DOOR_ERROR, "other errors", (double)t->others);
}
