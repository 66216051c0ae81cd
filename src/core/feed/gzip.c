#include "feed/gzip.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

enum { IN_BYTES = 64 << 10, OUT_BYTES = 256 << 10, SLOTS = 2, WINDOW_GZIP = 15 + 16 };

/* One piece of inflated bytes on its way from the thread to the reader. */
struct slot {
    char bytes[OUT_BYTES];
    size_t len;
    enum inflate_state state; /* after these bytes */
    bool full;
};

struct inflate {
    inflate_source *source;
    void *context;
    z_stream stream;
    unsigned char in[IN_BYTES];
    bool inside; /* of a member */
    bool ended;  /* the source has no more */
    int error;
    uint64_t sound; /* stored bytes before the damage */
    _Atomic uint64_t taken;
    struct slot slot[SLOTS];
    unsigned filled, emptied; /* slots so far; the reader holds one until its next call */
    bool held, stop;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool has_thread;
};

/* --- inflating --- */

static enum inflate_state more_input(struct inflate *z) {
    long n = z->source(z->context, (char *)z->in, sizeof z->in);
    if (n < 0) {
        z->error = errno;
        return INFLATE_FAILED;
    }
    z->ended = n == 0;
    z->stream.next_in = z->in;
    z->stream.avail_in = (unsigned)n;
    atomic_fetch_add(&z->taken, (uint64_t)n);
    return INFLATE_GOES_ON;
}

static enum inflate_state damaged(struct inflate *z) {
    z->sound = atomic_load(&z->taken) - z->stream.avail_in;
    return INFLATE_DAMAGED;
}

/* Between two members: zeros may fill up a tape block, and nothing else may stand there. */
static enum inflate_state next_member(struct inflate *z) {
    while (z->stream.avail_in && *z->stream.next_in == 0) {
        z->stream.next_in++;
        z->stream.avail_in--;
    }
    if (z->stream.avail_in == 0)
        return z->ended ? INFLATE_END : INFLATE_GOES_ON;
    if (*z->stream.next_in != 0x1f || inflateReset(&z->stream) != Z_OK)
        return damaged(z);
    z->inside = true;
    return INFLATE_GOES_ON;
}

static enum inflate_state step(struct inflate *z) {
    if (z->stream.avail_in == 0 && !z->ended) {
        enum inflate_state s = more_input(z);
        if (s != INFLATE_GOES_ON)
            return s;
    }
    if (!z->inside)
        return next_member(z);
    if (z->stream.avail_in == 0 && z->ended)
        return INFLATE_CUT;
    int rc = inflate(&z->stream, Z_NO_FLUSH);
    if (rc == Z_STREAM_END)
        z->inside = false;
    else if (rc != Z_OK && rc != Z_BUF_ERROR)
        return damaged(z);
    return INFLATE_GOES_ON;
}

static void fill(struct inflate *z, struct slot *slot) {
    z->stream.next_out = (unsigned char *)slot->bytes;
    z->stream.avail_out = sizeof slot->bytes;
    slot->state = INFLATE_GOES_ON;
    while (slot->state == INFLATE_GOES_ON && z->stream.avail_out > 0)
        slot->state = step(z);
    slot->len = sizeof slot->bytes - z->stream.avail_out;
}

/* --- the thread --- */

static bool wait_for_room(struct inflate *z) {
    pthread_mutex_lock(&z->lock);
    while (!z->stop && z->slot[z->filled % SLOTS].full)
        pthread_cond_wait(&z->changed, &z->lock);
    bool go_on = !z->stop;
    pthread_mutex_unlock(&z->lock);
    return go_on;
}

static void *work(void *self) {
    struct inflate *z = self;
    enum inflate_state state = INFLATE_GOES_ON;
    while (state == INFLATE_GOES_ON && wait_for_room(z)) {
        struct slot *slot = &z->slot[z->filled % SLOTS];
        fill(z, slot);
        state = slot->state;
        pthread_mutex_lock(&z->lock);
        slot->full = true;
        z->filled++;
        pthread_cond_broadcast(&z->changed);
        pthread_mutex_unlock(&z->lock);
    }
    return NULL;
}

/* Signals are for the thread that the front end runs in. */
static bool start(struct inflate *z) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&z->thread, NULL, work, z) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

struct inflate *inflate_open(inflate_source *source, void *context, bool beside) {
    struct inflate *z = mem_new(1, sizeof *z);
    z->source = source;
    z->context = context;
    z->inside = true;
    pthread_mutex_init(&z->lock, NULL);
    pthread_cond_init(&z->changed, NULL);
    if (inflateInit2(&z->stream, WINDOW_GZIP) != Z_OK)
        abort(); /* only without memory, which ends the program everywhere */
    z->has_thread = beside && start(z);
    return z;
}

/* Without a thread the work is done here. */
static void wait_for_piece(struct inflate *z, struct slot *slot) {
    if (!z->has_thread) {
        fill(z, slot);
        slot->full = true;
        return;
    }
    while (!slot->full)
        pthread_cond_wait(&z->changed, &z->lock);
}

enum inflate_state inflate_next(struct inflate *z, const char **bytes, size_t *len, int *error) {
    pthread_mutex_lock(&z->lock);
    struct slot *slot = &z->slot[z->emptied % SLOTS];
    if (z->held && slot->state == INFLATE_GOES_ON) {
        slot->full = false;
        z->emptied++;
        pthread_cond_broadcast(&z->changed);
        slot = &z->slot[z->emptied % SLOTS];
        z->held = false;
    }
    if (!z->held)
        wait_for_piece(z, slot);
    *bytes = slot->bytes;
    *len = z->held ? 0 : slot->len;
    z->held = true;
    *error = z->error;
    enum inflate_state state = slot->state;
    pthread_mutex_unlock(&z->lock);
    return state;
}

uint64_t inflate_taken(struct inflate *z) { return atomic_load(&z->taken); }

uint64_t inflate_sound(const struct inflate *z) { return z->sound; }

void inflate_close(struct inflate *z) {
    if (!z)
        return;
    pthread_mutex_lock(&z->lock);
    z->stop = true;
    pthread_cond_broadcast(&z->changed);
    pthread_mutex_unlock(&z->lock);
    if (z->has_thread)
        pthread_join(z->thread, NULL);
    inflateEnd(&z->stream);
    pthread_cond_destroy(&z->changed);
    pthread_mutex_destroy(&z->lock);
    free(z);
}
