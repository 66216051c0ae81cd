/* Addresses as endpoints: the server's name, when all of them have the same one, says nothing and
 * hides what differs. "GET http://10.0.0.7:8080/orders" becomes "GET /orders", which is also how a
 * plan names it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gather/parts.h"

/* "http://10.0.0.7:8080" inside a name; *len is 0 when there is none. */
static const char *origin_in(const char *name, size_t *len) {
    const char *sign = strstr(name, "://"), *from = sign;
    *len = 0;
    if (!sign)
        return name;
    while (from > name && from[-1] != ' ')
        from--;
    const char *host = sign + 3, *end = host;
    if (*host == '[') /* an address of IPv6 holds colons */
        end += strcspn(host, "] ");
    end += strcspn(end, "/?# ");
    *len = (size_t)(end - from);
    return from;
}

static bool is_alike(const struct summary *s, char *origin, size_t size) {
    size_t n = 0, len;
    for (size_t i = 0; i < s->endpoints; i++) {
        const char *from = origin_in(s->endpoint[i].name, &len);
        if (len == 0)
            continue;
        if (len >= size || (n > 0 && (strlen(origin) != len || memcmp(origin, from, len) != 0)))
            return false;
        memcpy(origin, from, len);
        origin[len] = '\0';
        n++;
    }
    return n > 0;
}

static void take_out(char *name, size_t size, const char *origin) {
    char *from = strstr(name, origin);
    if (!from)
        return;
    char *rest = from + strlen(origin);
    bool root = *rest != '/'; /* the address of the server alone */
    if (root && strlen(rest) + (size_t)(from - name) + 2 > size)
        return;
    memmove(from + root, rest, strlen(rest) + 1);
    if (root)
        *from = '/';
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static bool would_collide(const struct summary *s, const char *origin) {
    char(*name)[SCOPE_MAX_BYTES] = mem_new(s->endpoints, sizeof *name);
    bool same = false;
    for (size_t i = 0; i < s->endpoints; i++) {
        memcpy(name[i], s->endpoint[i].name, sizeof name[i]);
        take_out(name[i], sizeof name[i], origin);
    }
    qsort(name, s->endpoints, sizeof *name, by_name);
    for (size_t i = 1; i < s->endpoints; i++)
        same = same || strcmp(name[i - 1], name[i]) == 0;
    free(name);
    return same;
}

void origins_drop(struct summary *s) {
    char origin[SCOPE_MAX_BYTES];
    if (!is_alike(s, origin, sizeof origin) || would_collide(s, origin))
        return;
    for (size_t i = 0; i < s->endpoints; i++)
        take_out(s->endpoint[i].name, sizeof s->endpoint[i].name, origin);
    for (size_t i = 0; i < s->errors; i++)
        take_out(s->error[i].text, sizeof s->error[i].text, origin);
}
