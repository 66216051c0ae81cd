#include "digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 64 * 1024, SHA256_BYTES = 32 };

static void to_hex(const unsigned char *hash, char out[DIGEST_BYTES]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    out[2 * SHA256_BYTES] = '\0';
}

void digest_of(const void *bytes, size_t len, char out[DIGEST_BYTES]) {
    unsigned char hash[EVP_MAX_MD_SIZE] = {0};
    out[0] = '\0';
    if (EVP_Digest(bytes, len, hash, NULL, EVP_sha256(), NULL) == 1)
        to_hex(hash, out);
}

static bool cannot_read(const char *path, struct err *e) {
    err_set(e, ERR_IO, "cannot read: %s", strerror(errno));
    return err_at(e, path, 0);
}

static bool is_file(int fd, const char *path, struct err *e) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return cannot_read(path, e);
    if (S_ISREG(st.st_mode))
        return true;
    err_set(e, ERR_FORMAT, S_ISDIR(st.st_mode) ? "is a directory, not a file" : "is not a file");
    return err_at(e, path, 0);
}

static bool feed(EVP_MD_CTX *md, int fd, const char *path, struct err *e) {
    unsigned char piece[PIECE_BYTES];
    ssize_t got;
    while ((got = read(fd, piece, sizeof piece)) != 0) {
        if (got < 0 && errno != EINTR)
            return cannot_read(path, e);
        if (got > 0 && EVP_DigestUpdate(md, piece, (size_t)got) != 1)
            return err_set(e, ERR_INTERNAL, "SHA-256 failed");
    }
    return true;
}

static bool digest_open(int fd, const char *path, char out[DIGEST_BYTES], struct err *e) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool ok = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;
    if (!ok)
        err_set(e, ERR_INTERNAL, "this system's libcrypto has no SHA-256");
    ok = ok && feed(md, fd, path, e);
    if (ok && EVP_DigestFinal_ex(md, hash, NULL) == 1)
        to_hex(hash, out);
    else if (ok)
        ok = err_set(e, ERR_INTERNAL, "SHA-256 failed");
    EVP_MD_CTX_free(md);
    return ok;
}

bool digest_file(const char *path, char out[DIGEST_BYTES], struct err *e) {
    out[0] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return cannot_read(path, e);
    bool ok = is_file(fd, path, e) && digest_open(fd, path, out, e);
    close(fd);
    return ok;
}
