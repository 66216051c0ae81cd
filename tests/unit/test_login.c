#include "feed/login.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "temp_folder.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const variables[] = {"PERFSCALE_HTTP_USER", "PERFSCALE_HTTP_PASSWORD",
                                        "PERFSCALE_HTTP_TOKEN", "PERFSCALE_HTTP_HOST",
                                        "PERFSCALE_LOGINS"};

static int start(void **state) {
    for (size_t i = 0; i < COUNT(variables); i++)
        unsetenv(variables[i]);
    if (temp_make(state) != 0)
        return -1;
    return setenv("HOME", temp_dir, 1);
}

/* Writes the file where it is looked for. */
static void write_logins(const char *text) {
    temp_write(".config/perfscale/logins", text);
    assert_int_equal(chmod(temp_path(".config/perfscale/logins"), 0600), 0);
}

static void assert_login(const char *url, enum login_kind kind, const char *user,
                         const char *secret) {
    struct login l;
    struct err e = {0};
    if (!login_find(&l, url, &e))
        fail_msg("%s: %s", url, e.text);
    assert_int_equal(l.kind, kind);
    assert_string_equal(l.user, user);
    assert_string_equal(l.secret, secret);
}

static void assert_nothing_of_it(const struct login *l, const struct err *e) {
    static const struct login nothing;
    char sentence[2048];
    err_sentence(e, sentence, sizeof sentence);
    assert_memory_equal(l, &nothing, sizeof nothing);
    assert_null(strstr(sentence, "geheim"));
}

static struct err refused(const char *url, enum err_kind kind) {
    struct login l;
    struct err e = {0};
    memset(&l, 'x', sizeof l);
    assert_false(login_find(&l, url, &e));
    assert_int_equal(e.kind, kind);
    assert_nothing_of_it(&l, &e);
    return e;
}

/* --- the environment --- */

static void nothing_is_known(void **state) {
    (void)state;
    assert_login("http://127.0.0.1:6565", LOGIN_NONE, "", "");
    unsetenv("HOME");
    assert_login("http://127.0.0.1:6565", LOGIN_NONE, "", "");
}

static void environment(void **state) {
    (void)state;
    setenv("PERFSCALE_HTTP_USER", "ana", 1);
    setenv("PERFSCALE_HTTP_PASSWORD", "ge heim:#", 1);
    assert_login("http://127.0.0.1:6565/v1", LOGIN_BASIC, "ana", "ge heim:#");
    setenv("PERFSCALE_HTTP_TOKEN", "eyJ0", 1);
    assert_login("http://127.0.0.1:6565/v1", LOGIN_BEARER, "", "eyJ0");
    setenv("PERFSCALE_HTTP_TOKEN", "", 1); /* as if it were not set */
    assert_login("http://127.0.0.1:6565/v1", LOGIN_BASIC, "ana", "ge heim:#");
}

static void environment_for_one_host(void **state) {
    (void)state;
    static const struct {
        const char *host, *url;
        bool fits;
    } cases[] = {
        {"h.org", "http://h.org/", true},
        {"H.ORG", "http://h.org/", true},
        {"h.org", "http://h.org:9090/", true}, /* every port of it */
        {"h.org:9090", "http://h.org:9090/x", true},
        {"h.org:9090", "http://h.org:9091/x", false},
        {"h.org:80", "http://h.org/x", true},
        {"h.org:443", "https://h.org/x", true},
        {"h.org:80", "https://h.org/x", false},
        {"h.org", "http://h.org.evil/", false},
        {"h.org", "http://evil-h.org/", false},
        {"h.org", "http://sub.h.org/", false},
        {"h.org", "http://h.or/", false},
        {"h.org.80", "http://h.org/", false},
        {"h.org:", "http://h.org/", false},
        {"h.org:80x", "http://h.org/", false},
        {"h.org:000000000080", "http://h.org/", false},
        {"[::1]:6565", "http://[::1]:6565/", true},
        {"127.0.0.1", "http://localhost/", false},
    };
    setenv("PERFSCALE_HTTP_TOKEN", "eyJ0", 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("  %s for %s\n", cases[i].host, cases[i].url);
        setenv("PERFSCALE_HTTP_HOST", cases[i].host, 1);
        assert_login(cases[i].url, cases[i].fits ? LOGIN_BEARER : LOGIN_NONE, "",
                     cases[i].fits ? "eyJ0" : "");
    }
}

static void half_an_environment(void **state) {
    (void)state;
    setenv("PERFSCALE_HTTP_USER", "ana", 1);
    struct err e = refused("http://h/", ERR_USAGE);
    assert_string_equal(e.text, "PERFSCALE_HTTP_USER is set, but PERFSCALE_HTTP_PASSWORD is not");
    unsetenv("PERFSCALE_HTTP_USER");
    setenv("PERFSCALE_HTTP_PASSWORD", "geheim", 1);
    e = refused("http://h/", ERR_USAGE);
    assert_string_equal(e.text, "PERFSCALE_HTTP_PASSWORD is set, but PERFSCALE_HTTP_USER is not");
    setenv("PERFSCALE_HTTP_HOST", "other", 1); /* not about this host */
    assert_login("http://h/", LOGIN_NONE, "", "");
}

static void hostile_environment(void **state) {
    (void)state;
    setenv("PERFSCALE_HTTP_TOKEN", "geheim\r\nX-More: 1", 1);
    struct err e = refused("http://h/", ERR_USAGE);
    assert_string_equal(
        e.text, "PERFSCALE_HTTP_TOKEN is longer than 4095 bytes or holds a control character");
    char *longer = malloc(LOGIN_MAX_BYTES + 1);
    memset(longer, 'a', LOGIN_MAX_BYTES);
    longer[LOGIN_MAX_BYTES] = '\0';
    setenv("PERFSCALE_HTTP_TOKEN", longer, 1);
    refused("http://h/", ERR_USAGE);
    setenv("PERFSCALE_HTTP_TOKEN", longer + 1, 1);
    assert_login("http://h/", LOGIN_BEARER, "", longer + 1);
    free(longer);
    unsetenv("PERFSCALE_HTTP_TOKEN");
    setenv("PERFSCALE_HTTP_USER", "a:b", 1);
    setenv("PERFSCALE_HTTP_PASSWORD", "geheim", 1);
    e = refused("http://h/", ERR_USAGE);
    assert_string_equal(e.text, "PERFSCALE_HTTP_USER holds a colon, which a user name cannot");
}

static void address_with_a_password(void **state) {
    (void)state;
    struct err e = refused("http://ana:geheim@h/", ERR_USAGE);
    assert_string_equal(e.text, "the address holds a user name or a password");
}

/* --- the file --- */

static const char logins[] = "# hosts\n"
                             "\n"
                             "prometheus.example.org:9090  basic   ana  secret words: # x  \r\n"
                             "\tgrafana.example.org\tbearer\teyJ0.a-b_c=\n"
                             "prometheus.example.org bearer for-all-other-ports\n"
                             "prometheus.example.org:9090 bearer second\n"
                             "[::1] BASIC bo p";

static void file(void **state) {
    (void)state;
    write_logins(logins);
    assert_login("http://prometheus.example.org:9090/api", LOGIN_BASIC, "ana", "secret words: # x");
    assert_login("http://Grafana.Example.org/", LOGIN_BEARER, "", "eyJ0.a-b_c=");
    assert_login("http://prometheus.example.org/", LOGIN_BEARER, "", "for-all-other-ports");
    assert_login("https://[::1]:1/", LOGIN_BASIC, "bo", "p");
    assert_login("http://example.org/", LOGIN_NONE, "", "");
}

static void environment_goes_before_the_file(void **state) {
    (void)state;
    write_logins(logins);
    setenv("PERFSCALE_HTTP_TOKEN", "mine", 1);
    setenv("PERFSCALE_HTTP_HOST", "grafana.example.org", 1);
    assert_login("http://grafana.example.org/", LOGIN_BEARER, "", "mine");
    assert_login("http://[::1]/", LOGIN_BASIC, "bo", "p");
}

static void a_file_that_is_named(void **state) {
    (void)state;
    setenv("PERFSCALE_LOGINS", temp_path("mine"), 1);
    struct err e = refused("http://h/", ERR_IO);
    assert_string_equal(e.file, temp_path("mine"));
    temp_write("mine", "h bearer t\n");
    chmod(temp_path("mine"), 0400);
    assert_login("http://h/", LOGIN_BEARER, "", "t");
    setenv("PERFSCALE_LOGINS", temp_dir, 1);
    e = refused("http://h/", ERR_FORMAT);
    assert_string_equal(e.text, "is not a file");
    assert_int_equal(mkfifo(temp_path("pipe"), 0600), 0);
    setenv("PERFSCALE_LOGINS", temp_path("pipe"), 1); /* and it does not wait for it */
    refused("http://h/", ERR_FORMAT);
}

static void a_file_that_others_can_use(void **state) {
    (void)state;
    static const mode_t modes[] = {0640, 0604, 0644, 0620, 0602, 0610, 0601, 0777};
    write_logins("h bearer geheim\n");
    for (size_t i = 0; i < COUNT(modes); i++) {
        char fix[600];
        assert_int_equal(chmod(temp_path(".config/perfscale/logins"), modes[i]), 0);
        struct err e = refused("http://h/", ERR_REFUSED);
        snprintf(fix, sizeof fix, "chmod 600 %s", temp_path(".config/perfscale/logins"));
        assert_string_equal(e.fix, fix);
        assert_string_equal(e.file, temp_path(".config/perfscale/logins"));
    }
}

static void lines_that_are_not_understood(void **state) {
    (void)state;
    static const char *const lines[] = {
        "h\n",
        "h digest ana geheim\n",
        "h basic geheim\n",
        "h basic geheim   \n",
        "h bearer\n",
        "h bearer ge\x1bheim\n",
        "h basic an:a geheim\n",
        "h basic ana geheim\x01\n",
        "h basicana geheim\n",
        "\xff\xfe\n",
        "machine h login ana password geheim\n", /* as in .netrc */
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        char text[256];
        print_message("  %zu\n", i);
        snprintf(text, sizeof text, "# one\nother bearer t\n%s", lines[i]);
        write_logins(text);
        struct err e = refused("http://h/", ERR_FORMAT);
        assert_int_equal(e.line, 3);
        assert_string_equal(e.text, "the line is not understood");
        assert_login("http://other/", LOGIN_BEARER, "", "t");
    }
}

static void a_long_file(void **state) {
    (void)state;
    char *text = malloc((64 << 10) + 2);
    memset(text, '\n', (64 << 10) + 1);
    text[(64 << 10) + 1] = '\0';
    write_logins(text + 1);
    assert_login("http://h/", LOGIN_NONE, "", "");
    write_logins(text);
    refused("http://h/", ERR_LIMIT);
    free(text);
}

static void forgotten(void **state) {
    (void)state;
    struct login l;
    static const struct login nothing;
    setenv("PERFSCALE_HTTP_TOKEN", "geheim", 1);
    assert_true(login_find(&l, "http://h/", NULL));
    login_forget(&l);
    assert_memory_equal(&l, &nothing, sizeof l);
}

#define HOMED(f) cmocka_unit_test_setup_teardown(f, start, temp_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        HOMED(nothing_is_known),
        HOMED(environment),
        HOMED(environment_for_one_host),
        HOMED(half_an_environment),
        HOMED(hostile_environment),
        HOMED(address_with_a_password),
        HOMED(file),
        HOMED(environment_goes_before_the_file),
        HOMED(a_file_that_is_named),
        HOMED(a_file_that_others_can_use),
        HOMED(lines_that_are_not_understood),
        HOMED(a_long_file),
        HOMED(forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
