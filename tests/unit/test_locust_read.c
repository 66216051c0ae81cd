#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tools/locust/script.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define IMPORTS                                                                                    \
    "import os, time, random, gevent\n"                                                            \
    "from locust import HttpUser, FastHttpUser, User, TaskSet, SequentialTaskSet, LoadTestShape\n" \
    "from locust import task, tag, between, constant, constant_pacing, constant_throughput\n"      \
    "from locust import events\n"

/* Files beside the script: name, text, ..., NULL. */
static char *beside(void *context, const char *name, size_t *len) {
    for (const char *const *f = context; f && *f; f += 2)
        if (strcmp(f[0], name) == 0) {
            *len = strlen(f[1]);
            return strdup(f[1]);
        }
    return NULL;
}

static struct source source_of(const char *text, const char *const *files) {
    return (struct source){.text = text,
                           .len = strlen(text),
                           .file = "locustfile.py",
                           .beside = beside,
                           .context = (void *)files};
}

static void open_text(struct locust_script *s, const struct source *src) {
    struct err e = {0};
    char said[1024];
    if (!locust_open(s, src, &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), src->text);
}

static void assert_near(double got, double want, const char *text) {
    bool same = isnan(want) ? isnan(got) : fabs(got - want) < 1e-6;
    if (!same)
        fail_msg("%g is not %g in\n%s", got, want, text);
}

static bool has_finding(const struct facts *f, const char *kind, long line) {
    for (size_t i = 0; i < f->findings.len; i++)
        if (strcmp(f->findings.item[i].kind, kind) == 0 && f->findings.item[i].line == line)
            return true;
    return false;
}

/* --- one task --- */

/* The body of a task of an HttpUser. NAN: not known, and why holds `why`. */
static void counts_a_task(void **state) {
    (void)state;
    static const struct {
        const char *body, *other; /* other: more methods of the class, or text behind it */
        double low, high, think_low, think_high;
        const char *why;
    } cases[] = {
        {"self.client.get('/a')", "", 1, 1, 0, 0, ""},
        {"for m in ('/a', '/b'): self.client.get(m)", "", 2, 2, 0, 0, ""},
        {"self.client.get('/'); self.client.post('/'); self.client.put('/'); "
         "self.client.delete('/'); self.client.patch('/'); self.client.head('/'); "
         "self.client.options('/'); self.client.request('GET', '/')",
         "", 8, 8, 0, 0, ""},
        {"self.client.cookies.clear(); self.client.headers.update({}); self.client.get('/').json()",
         "", 1, 1, 0, 0, ""},
        {"with self.client.get('/', catch_response=True) as r:\n   r.success()", "", 1, 1, 0, 0,
         ""},
        {"with self.client.get('/') as a, self.client.get('/') as b:\n   pass", "", 2, 2, 0, 0, ""},
        {"c = self.client\n  c.get('/')\n  c.post('/')", "", 2, 2, 0, 0, ""},
        {"get = self.client.get\n  get('/')", "", 1, 1, 0, 0, ""},
        {"getattr(self.client, 'get')('/')", "", 1, 1, 0, 0, ""},
        {"return self.client.get('/')", "", 1, 1, 0, 0, ""},
        {"r = self.client.get(f'/{1}' if x else '/')", "", 1, 1, 0, 0, ""},
        {"print('a' + self.client.get('/').text)", "", 1, 1, 0, 0, ""},
        /* pauses */
        {"self.client.get('/'); time.sleep(1); gevent.sleep(0.5)", "", 1, 1, 1500, 1500, ""},
        {"self.client.get('/'); time.sleep(PAUSE * 2 - 1)", "PAUSE = 3\n", 1, 1, 5000, 5000, ""},
        {"self.client.get('/'); time.sleep(self.pause)", " pause = 2\n", 1, 1, 2000, 2000, ""},
        {"self.client.get('/'); time.sleep(random.uniform(1, 2))", "", 1, 1, 1500, 1500, ""},
        {"self.client.get('/'); time.sleep(random.randint(1, 4))", "", 1, 1, 2500, 2500, ""},
        {"self.client.get('/'); time.sleep(random.random() * 2)", "", 1, 1, 1000, 1000, ""},
        {"self.client.get('/'); time.sleep(random.choice([1, 2, 6]))", "", 1, 1, 3000, 3000, ""},
        {"wait = 2\n  self.client.get('/'); time.sleep(wait)", "", 1, 1, 2000, 2000, ""},
        {"self.client.get('/'); time.sleep(float(os.getenv('P', '0.5')))", "", 1, 1, 500, 500, ""},
        {"self.client.get('/'); time.sleep(int(os.environ['P']))", "", 1, 1, NAN, NAN, "pauses"},
        {"self.client.get('/'); time.sleep(random.expovariate(2))", "", 1, 1, NAN, NAN, "pauses"},
        {"self.client.get('/'); self._sleep(1)", "", 1, 1, 1000, 1000, ""},
        {"from time import sleep\n  self.client.get('/'); sleep(1)", "", 1, 1, 1000, 1000, ""},
        /* loops */
        {"for i in range(5): self.client.get('/')", "", 5, 5, 0, 0, ""},
        {"for _ in range(1, 10, 2):\n   self.client.get('/')\n   time.sleep(1)", "", 5, 5, 5000,
         5000, ""},
        {"for i in range(random.randint(1, 3)): self.client.get('/')", "", 2, 2, 0, 0, ""},
        {"for i, u in enumerate(URLS): self.client.get(u)", "URLS = ['/a', '/b', '/c']\n", 3, 3, 0,
         0, ""},
        {"for k, v in MAP.items(): self.client.get(k)", "MAP = {'a': 1, 'b': 2}\n", 2, 2, 0, 0, ""},
        {"for u in URLS: self.client.get(u)", "URLS = []\nURLS.append('/a')\n", NAN, NAN, 0, 0,
         "the loop in line 8"},
        {"for u in load(): self.client.get(u)", "", NAN, NAN, 0, 0, "the loop in line 8"},
        {"[self.client.get(u) for u in ('/a', '/b')]", "", 2, 2, 0, 0, ""},
        {"[self.client.get(u) for u in load()]", "", NAN, NAN, 0, 0, "the loop in line 8"},
        {"while True:\n   self.client.get('/')", "", NAN, NAN, 0, 0, "the loop in line 8"},
        {"for i in range(4):\n   if i == x: break\n   self.client.get('/')", "", 0, 4, 0, 0, ""},
        {"for i in range(4):\n   if i == x: continue\n   self.client.get('/')", "", 0, 4, 0, 0, ""},
        {"for x in load(): self.seen = x\n  self.client.get('/')", "", 1, 1, 0, 0, ""},
        /* branches */
        {"if x: self.client.get('/')\n  else: self.client.post('/')", "", 1, 1, 0, 0, ""},
        {"if x: self.client.get('/')\n  elif y: self.client.post('/')", "", 0, 1, 0, 0, ""},
        {"r = self.client.get('/')\n  if not r.ok: return\n  self.client.get('/')", "", 1, 2, 0, 0,
         ""},
        {"r = self.client.get('/')\n  if not r.ok:\n   raise ValueError\n  self.client.get('/')",
         "", 2, 2, 0, 0, ""},
        {"x and self.client.get('/')", "", 0, 1, 0, 0, ""},
        {"self.client.get('/') if x else None", "", 0, 1, 0, 0, ""},
        {"try:\n   self.client.get('/')\n  except Exception as e:\n   print(e)\n  finally:\n"
         "   time.sleep(1)",
         "", 1, 1, 1000, 1000, ""},
        {"try:\n   self.client.get('/')\n  except KeyError:\n   self.client.get('/b')", "", 1, 2, 0,
         0, ""},
        {"match x:\n   case 1:\n    self.client.get('/')\n   case _:\n    self.client.get('/b')",
         "", 1, 1, 0, 0, ""},
        /* methods and functions */
        {"self.visit(); self.visit()", " def visit(self): self.client.get('/'); time.sleep(1)\n", 2,
         2, 2000, 2000, ""},
        {"visit(self)", "def visit(user): user.client.get('/')\n", 1, 1, 0, 0, ""},
        {"visit(self.client)", "def visit(c): c.get('/'); c.get('/')\n", 2, 2, 0, 0, ""},
        {"visit('/', client=self.client)", "def visit(path, client=None): client.get(path)\n", 1, 1,
         0, 0, ""},
        {"Base.visit(self)", "class Base:\n def visit(self): self.client.get('/')\n", 1, 1, 0, 0,
         ""},
        {"self.api.items()",
         " def on_start(self): self.api = Api(self.client)\n"
         "class Api:\n def __init__(self, client): self.http = client\n"
         " def items(self): return self.http.get('/')\n",
         1, 1, 0, 0, ""},
        {"def one():\n   self.client.get('/')\n  one(); one()", "", 2, 2, 0, 0, ""},
        {"run(lambda: self.client.get('/'))", "def run(f): f(); f()\n", 2, 2, 0, 0, ""},
        {"self.again()", " def again(self): self.client.get('/'); self.again()\n", NAN, NAN, NAN,
         NAN, "calls itself"},
        {"gevent.spawn(self.visit)", " def visit(self): self.client.get('/')\n", NAN, NAN, 0, 0,
         "line 8 hands a function on"},
        {"gevent.spawn(self.client.get, '/')", "", NAN, NAN, NAN, NAN, "line 8 hands the client"},
        {"helpers.login(self)", "import helpers\n", NAN, NAN, NAN, NAN, "line 8 hands the client"},
        {"page.open()\n  self.page.open()",
         " def on_start(self): self.page = pages.Page(self.client)\nimport pages\n", NAN, NAN, NAN,
         NAN, "line 9 uses a client"},
        {"for f in load(): f(self)", "", NAN, NAN, NAN, NAN, "line 8 calls code"},
        {"logging.info(self); self.client.get('/')", "import logging\n", 1, 1, 0, 0, ""},
        {"self.visit()",
         " @retry(3)\n def visit(self): self.client.get('/')\nfrom tenacity import retry\n", NAN,
         NAN, 0, 0, "decorator"},
        {"self.schedule_task(x); self.client.get('/')", "", NAN, NAN, NAN, NAN, "schedules"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[4096];
        snprintf(text, sizeof text, IMPORTS "class A(HttpUser):\n @task\n def t(self):\n  %s\n%s",
                 cases[i].body, cases[i].other);
        struct locust_script s;
        struct source src = source_of(text, NULL);
        open_text(&s, &src);
        assert_int_equal(s.classes, 1);
        assert_near(s.cls[0].requests.value, cases[i].low, text);
        assert_near(s.cls[0].requests.most, cases[i].high, text);
        assert_near(s.cls[0].think_ms.value, cases[i].think_low, text);
        assert_near(s.cls[0].think_ms.most, cases[i].think_high, text);
        const char *why = isnan(cases[i].low) ? s.cls[0].requests.why : s.cls[0].think_ms.why;
        if (!strstr(why, cases[i].why) || (cases[i].why[0] == '\0') != (why[0] == '\0'))
            fail_msg("\"%s\" does not hold \"%s\" in\n%s", why, cases[i].why, text);
        locust_close(&s);
    }
}

/* --- a whole class --- */

static void finds_the_mean_of_a_class(void **state) {
    (void)state;
    static const struct {
        const char *text; /* behind the imports; A is the first class that runs */
        double requests, most, wait_ms, waits;
        const char *why;
    } cases[] = {
        /* lists of tasks */
        {"class A(HttpUser):\n @task(3)\n def a(self): self.client.get('/')\n @task\n"
         " def b(self):\n  for i in range(5): self.client.get('/')\n",
         2, 2, 0, 1, ""},
        {"def a(u): u.client.get('/')\ndef b(u): pass\nclass A(HttpUser):\n tasks = [a, a, b]\n",
         2.0 / 3, 2.0 / 3, 0, 1, ""},
        {"def a(u): u.client.get('/')\ndef b(u): pass\nclass A(HttpUser):\n tasks = {a: 3, b: 1}\n",
         0.75, 0.75, 0, 1, ""},
        {"def a(u): u.client.get('/')\ndef b(u): pass\nT = [(a, 3), (b, 1)]\nclass A(HttpUser):\n"
         " tasks = T\n",
         0.75, 0.75, 0, 1, ""},
        {"class A(HttpUser):\n def a(self): self.client.get('/')\n tasks = [a]\n", 1, 1, 0, 1, ""},
        {"def a(u): u.client.get('/')\nclass A(HttpUser): pass\nA.tasks = [a]\n", 1, 1, 0, 1, ""},
        {"class A(HttpUser):\n tasks = make()\n", NAN, NAN, NAN, 1, "line 6 makes its tasks"},
        {"from pages import Cart\nclass A(HttpUser):\n tasks = [Cart]\n", NAN, NAN, NAN, 1,
         "line 7 runs a task"},
        {"class A(HttpUser):\n @task(int(os.environ['W']))\n def a(self): self.client.get('/')\n",
         NAN, NAN, NAN, 1, "line 6 makes a weight"},
        {"W = 3\nclass A(HttpUser):\n @task(W)\n def a(self): self.client.get('/')\n @task\n"
         " def b(self): pass\n",
         0.75, 0.75, 0, 1, ""},
        /* bases: tasks are added together, a plain mixin's @task does not count */
        {"class B(HttpUser):\n abstract = True\n @task\n def b(self): pass\nclass A(B):\n @task\n"
         " def a(self): self.client.get('/')\n",
         0.5, 0.5, 0, 1, ""},
        {"class M:\n @task\n def b(self): pass\nclass A(M, HttpUser):\n @task\n"
         " def a(self): self.client.get('/')\n",
         1, 1, 0, 1, ""},
        {"class B(HttpUser):\n abstract = True\n @task\n def a(self): self.go()\n"
         " def go(self): pass\nclass A(B):\n def go(self): self.client.get('/')\n",
         1, 1, 0, 1, ""},
        {"class B(HttpUser):\n abstract = True\n def go(self): self.client.get('/')\nclass A(B):\n"
         " @task\n def a(self): self.go()\n def go(self):\n  super().go()\n  super(A, self).go()\n",
         2, 2, 0, 1, ""},
        {"import lib\nclass A(lib.Mixin, HttpUser):\n @task\n def a(self): self.client.get('/')\n",
         NAN, NAN, NAN, 1, "line 6 calls code that is not here"},
        /* wait_time */
        {"class A(HttpUser):\n wait_time = between(1, 2)\n @task\n def a(self): "
         "self.client.get('/')\n",
         1, 1, 1500, 1, ""},
        {"W = constant(2)\nclass A(HttpUser):\n wait_time: object = W\n @task\n"
         " def a(self): self.client.get('/')\n",
         1, 1, 2000, 1, ""},
        {"class M:\n wait_time = constant(3)\nclass B(HttpUser):\n abstract = True\n"
         " wait_time = constant(1)\nclass A(M, B):\n @task\n def a(self): self.client.get('/')\n",
         1, 1, 3000, 1, ""},
        {"class A(HttpUser):\n @task\n def a(self): self.client.get('/')\nA.wait_time = "
         "constant(1)\n",
         1, 1, 1000, 1, ""},
        {"class A(HttpUser):\n wait_time = constant_pacing(2)\n @task\n"
         " def a(self): self.client.get('/'); time.sleep(0.5)\n",
         1, 1, 1500, 1, ""},
        {"class A(HttpUser):\n wait_time = constant_throughput(0.5)\n @task\n"
         " def a(self): self.client.get('/')\n",
         1, 1, 2000, 1, ""},
        {"class A(HttpUser):\n wait_time = between(int(os.getenv('L', 1)), 3)\n @task\n"
         " def a(self): self.client.get('/')\n",
         1, 1, 2000, 1, ""},
        {"class A(HttpUser):\n wait_time = lambda self: 1\n @task\n def a(self): "
         "self.client.get('/')\n",
         1, 1, NAN, 1, ""},
        {"class A(HttpUser):\n wait_time = constant(1)\n wait_time, x = make()\n @task\n"
         " def a(self): self.client.get('/')\n",
         1, 1, NAN, 1, ""},
        {"class A(HttpUser):\n def wait_time(self): return 1\n @task\n"
         " def a(self): self.client.get('/')\n",
         1, 1, NAN, 1, ""},
        {"class A(HttpUser):\n wait_time = constant(1)\n @task\n"
         " def a(self): self.client.get('/'); self.wait()\n",
         1, 1, 1000, 2, ""},
        /* TaskSets: one that is never left is all that counts */
        {"class T(TaskSet):\n @task\n def a(self): self.client.get('/'); self.client.get('/')\n"
         "class A(HttpUser):\n tasks = [T]\n @task(9)\n def b(self): self.client.get('/')\n",
         2, 2, 0, 1, ""},
        {"class T(TaskSet):\n @task(3)\n def a(self): self.client.get('/')\n @task\n"
         " def stop(self): self.interrupt()\nclass A(HttpUser):\n tasks = [T]\n @task\n"
         " def b(self):\n  for i in range(5): self.client.get('/')\n",
         2, 2, 0, 1, ""}, /* 3 of 1 and 1 of 5 */
        {"class T(TaskSet):\n @task(3)\n def a(self): self.client.get('/')\n @task\n"
         " def stop(self): self.interrupt(reschedule=False)\nclass A(HttpUser):\n tasks = [T]\n",
         0.75, 0.75, 0, 1, ""},
        {"class A(HttpUser):\n @task\n class T(TaskSet):\n  @task\n  def a(self):\n"
         "   self.client.get('/')\n   self.interrupt()\n @task\n def b(self):\n"
         "  for i in range(3): self.client.get('/')\n",
         2, 2, 0, 1, ""},
        {"class T(TaskSet):\n @task\n def a(self):\n  self.client.get('/')\n  if x: "
         "self.interrupt()\n"
         "class A(HttpUser):\n tasks = [T]\n @task\n def b(self):\n"
         "  for i in range(3): self.client.get('/')\n",
         1, 2, 0, 1, ""},
        {"class S(SequentialTaskSet):\n @task\n def a(self): self.client.get('/')\n @task(2)\n"
         " def b(self): self.client.get('/'); self.client.get('/')\nclass A(HttpUser):\n"
         " tasks = [S]\n",
         5.0 / 3, 5.0 / 3, 0, 1, ""},
        {"def b(s): pass\nclass S(SequentialTaskSet):\n @task\n def a(self): self.client.get('/')\n"
         " tasks = [b]\n @task\n def c(self): self.interrupt()\nclass A(HttpUser):\n tasks = [S]\n",
         0.5, 0.5, 0, 1, ""},
        {"class T(TaskSet):\n wait_time = constant(4)\n @task\n def a(self): self.client.get('/')\n"
         "class A(HttpUser):\n wait_time = constant(1)\n tasks = [T]\n",
         1, 1, 4000, 1, ""},
        {"class T(TaskSet):\n @task\n class U(TaskSet):\n  @task\n  def a(self):\n"
         "   self.parent.go(); self.user.client.get('/')\n def go(self): self.client.get('/')\n"
         "class A(HttpUser):\n tasks = [T]\n",
         2, 2, 0, 1, ""},
        /* clients of its own */
        {"class A(User):\n @task\n def a(self):\n  try:\n   x()\n  except E:\n"
         "   events.request_failure.fire()\n  else:\n   events.request_success.fire()\n",
         1, 1, 0, 1, ""},
        {"class A(User):\n @task\n def a(self):\n  with "
         "self.environment.events.request.measure('a', "
         "'b'): pass\n",
         1, 1, 0, 1, ""},
        {"class C:\n def call(self): events.request.fire(name='x')\nclass A(User):\n"
         " def __init__(self, env): self.client = C()\n @task\n def a(self): self.client.call()\n",
         1, 1, 0, 1, ""},
        {"class A(User):\n @task\n def a(self): self.client.call()\n", NAN, NAN, 0, 1,
         "line 7 uses a client whose code is not here"},
        {"class A(FastHttpUser):\n @task\n def a(self):\n  with self.rest('GET', '/') as r: pass\n",
         1, 1, 0, 1, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[4096];
        snprintf(text, sizeof text, IMPORTS "%s", cases[i].text);
        struct locust_script s;
        struct source src = source_of(text, NULL);
        open_text(&s, &src);
        assert_near(s.cls[0].requests.value, cases[i].requests, text);
        assert_near(s.cls[0].requests.most, cases[i].most, text);
        assert_near(s.cls[0].wait_ms.value, cases[i].wait_ms, text);
        assert_near(s.cls[0].waits, cases[i].waits, text);
        if (!strstr(s.cls[0].requests.why, cases[i].why))
            fail_msg("\"%s\" does not hold \"%s\"", s.cls[0].requests.why, cases[i].why);
        locust_close(&s);
    }
}

/* --- which classes run --- */

static const char base[] = "from locust import HttpUser, task, between, LoadTestShape\n"
                           "class ApiUser(HttpUser):\n"
                           " wait_time = between(1, 3)\n"
                           " host = 'https://shop.example.com/v1'\n"
                           " @task\n"
                           " def a(self): self.client.get('/')\n"
                           "class Base(HttpUser):\n"
                           " abstract = True\n"
                           " wait_time = between(2, 2)\n"
                           "class Steps(LoadTestShape):\n"
                           " def tick(self): return None\n";
#define A_TASK " @task\n def a(self): self.client.get('/')\n"

static void finds_what_runs(void **state) {
    (void)state;
    static const char *const files[] = {
        "base.py", base, "pages/__init__.py", "from .cart import Cart\n", "pages/cart.py",
        base,      NULL};
    static const struct {
        const char *text, *names, *shapes;
    } cases[] = {
        {"from locust import HttpUser as H, task\nclass A(H):\n" A_TASK, "A", ""},
        {"import locust\nfrom locust import task\nclass A(locust.HttpUser):\n" A_TASK, "A", ""},
        {"import locust as l\nfrom locust import task\nclass A(l.HttpUser):\n" A_TASK, "A", ""},
        {"from locust import *\nclass A(HttpUser):\n" A_TASK, "A", ""},
        {"from locust import task\nfrom locust.contrib.fasthttp import FastHttpUser\n"
         "class A(FastHttpUser):\n" A_TASK,
         "A", ""},
        {"from locust import task\nimport locust.contrib.fasthttp\n"
         "class A(locust.contrib.fasthttp.FastHttpUser):\n" A_TASK,
         "A", ""},
        {"from locust.user.users import HttpUser\nfrom locust.user.task import task\n"
         "class A(HttpUser):\n" A_TASK,
         "A", ""},
        {IMPORTS "H = HttpUser\nclass A(H):\n" A_TASK, "A", ""},
        {IMPORTS "class A(HttpUser):\n" A_TASK "class B(A):\n weight = 2\n", "A B", ""},
        {IMPORTS "class A(HttpUser):\n abstract = True\n" A_TASK "class B(A): pass\n", "B", ""},
        {IMPORTS "class A(HttpUser):\n abstract = False\n" A_TASK, "A", ""},
        {IMPORTS "class A(HttpUser):\n" A_TASK "A.abstract = True\nclass B(A): pass\n", "B", ""},
        {IMPORTS "class A(HttpUser):\n" A_TASK "class A(HttpUser):\n weight = 3\n" A_TASK, "A", ""},
        {IMPORTS "class T(TaskSet):\n" A_TASK "class A(HttpUser):\n tasks = [T]\n", "A", ""},
        {IMPORTS "def f():\n class B(HttpUser): pass\n return B\nclass A(HttpUser):\n" A_TASK, "A",
         ""},
        {IMPORTS "class A(HttpUser):\n" A_TASK
                 "if __name__ == '__main__':\n from locust import run_single_user\n"
                 " run_single_user(A)\n",
         "A", ""},
        {"from base import ApiUser\n", "ApiUser", ""},
        {"from base import ApiUser as Shop\n", "Shop", ""},
        {"import base\nfrom locust import task\nclass A(base.ApiUser): pass\n", "A", ""},
        {"from base import *\n", "ApiUser", "Steps"},
        {"from base import Base\nfrom locust import task\nclass A(Base):\n" A_TASK, "A", ""},
        {"from base import ApiUser\nclass A(ApiUser): pass\n", "ApiUser A", ""},
        {"from pages.cart import ApiUser\n", "ApiUser", ""},
        {IMPORTS "from base import Steps\nclass A(HttpUser):\n" A_TASK, "A", "Steps"},
        {IMPORTS "class A(HttpUser):\n" A_TASK "class S(LoadTestShape):\n abstract = True\n"
                 "class T(S):\n def tick(self): return None\nU = T\n",
         "A", "S T U"},
        {"try:\n from locust import HttpUser\nexcept ImportError:\n"
         " from locust import HttpLocust as HttpUser\nfrom locust import task\n"
         "class A(HttpUser):\n" A_TASK,
         "A", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct locust_script s;
        struct source src = source_of(cases[i].text, files);
        char names[512] = "", shapes[512] = "";
        open_text(&s, &src);
        for (size_t c = 0; c < s.classes; c++)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", c ? " " : "",
                     s.cls[c].name);
        for (size_t c = 0; c < s.shapes.len; c++)
            snprintf(shapes + strlen(shapes), sizeof shapes - strlen(shapes), "%s%s", c ? " " : "",
                     s.shapes.item[c].name);
        if (strcmp(names, cases[i].names) != 0 || strcmp(shapes, cases[i].shapes) != 0)
            fail_msg("%s | %s in\n%s", names, shapes, cases[i].text);
        locust_close(&s);
    }
}

/* --- refusals --- */

static void refuses_with_line_and_reason(void **state) {
    (void)state;
    static const struct {
        const char *text;
        long line;
        const char *words;
    } cases[] = {
        {"from locust import HttpLocust, task\n", 1, "before 1.0"},
        {"import locust\nclass A(locust.HttpLocust):\n pass\n", 2, "before 1.0"},
        {"from locust import HttpUser, TaskSet\nclass A(HttpUser):\n task_set = TaskSet\n", 3,
         "before 1.0"},
        {"from locust import TaskSequence, seq_task\n", 1, "before 1.0"},
        {IMPORTS "def f(**k): pass\nevents.request_success += f\n", 6, "before 1.0"},
        {IMPORTS "class A(HttpUser):\n" A_TASK "print 'x'\n", 8, "Python 2"},
        {IMPORTS "print >>x, 1\n", 5, "Python 2"},
        {IMPORTS "exec 'x'\n", 5, "Python 2"},
        {IMPORTS "a = 0777\n", 5, "Python 2"},
        {IMPORTS "a = 10L\n", 5, "Python 2"},
        {IMPORTS "a = ur'x'\n", 5, "Python 2"},
        {IMPORTS "a = `x`\n", 5, "Python 2"},
        {IMPORTS "if a <> 1: pass\n", 5, "Python 2"},
        {IMPORTS "raise E, 'x'\n", 5, "Python 2"},
        {IMPORTS "class A(HttpUser):\n def a(self:\n  pass\n", 6, "not valid Python"},
        {"import json\n", 1, "no User class here"},
        {IMPORTS "class A(HttpUser):\n abstract = True\n" A_TASK, 5, "(abstract)"},
        {IMPORTS "from shop.users import ShopUser\n", 5, "imported from shop.users"},
        {IMPORTS "from shop import Base\nclass A(Base):\n" A_TASK " wait_time = between(1, 2)\n", 6,
         "class A extends Base from module shop, which I cannot see"},
        {"from common import *\nclass A(HttpUser):\n" A_TASK, 2,
         "class A extends HttpUser from module common, which I cannot see"},
        {IMPORTS "from locust.contrib.mqtt import MqttUser\nclass A(MqttUser):\n" A_TASK, 6,
         "class A extends MqttUser, a part of Locust"},
        {IMPORTS "from locust.env import Environment\nclass A(HttpUser):\n" A_TASK
                 "env = Environment(user_classes=[A])\n",
         9, "runs its own test"},
        {IMPORTS "from locust.env import Environment\nclass A(HttpUser):\n" A_TASK
                 "def main():\n e = Environment()\nmain()\n",
         10, "runs its own test"},
        {IMPORTS "os.system('locust -f x.py')\n", 5, "runs its own test"},
        {IMPORTS "class A(HttpUser):\n" A_TASK "B = A\n", 8, "same name"},
        {IMPORTS "if x:\n class A(HttpUser):\n  @task\n  def a(self): self.client.get('/')\n", 6,
         "class A may not exist when the load is set"},
        {IMPORTS "if x:\n class S(LoadTestShape): pass\nclass A(HttpUser):\n" A_TASK, 6,
         "may or may not exist"},
        {IMPORTS "from shapes import StepShape\nclass A(HttpUser):\n" A_TASK, 5,
         "may be a load shape"},
        {IMPORTS "class A(HttpUser):\n @task\n def a(self): print(1)\n", 5,
         "no class sends requests"},
        {"# caf\xe9\n" IMPORTS, 1, "not UTF-8"},
        {IMPORTS "class A(HttpUser):\n" A_TASK "# >>> perfscale: load 1 RPS >>>\n", 8,
         "has no last line"},
        {IMPORTS "class A(HttpUser):\n" A_TASK "# <<< perfscale <<<\n", 8, "has no first line"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct facts f;
        struct err e = {0};
        struct source src = source_of(cases[i].text, NULL);
        if (locust_facts(&src, &f, &e))
            fail_msg("taken:\n%s", cases[i].text);
        if (e.line != cases[i].line || !strstr(e.text, cases[i].words) || e.kind != ERR_REFUSED)
            fail_msg("%ld: %s in\n%s", e.line, e.text, cases[i].text);
        assert_string_equal(e.file, "locustfile.py");
        facts_fini(&f);
    }
}

static void refuses_a_module_named_locust(void **state) {
    (void)state;
    static const char *const files[] = {"locust.py", "", NULL};
    struct source src = source_of(IMPORTS "class A(HttpUser):\n" A_TASK, files);
    struct facts f;
    struct err e = {0};
    assert_false(locust_facts(&src, &f, &e));
    assert_non_null(strstr(e.text, "in place of Locust"));
    facts_fini(&f);
}

/* --- facts --- */

static void tells_the_facts(void **state) {
    (void)state;
    static const char text[] = IMPORTS
        "class Browse(HttpUser):\n weight = 3\n wait_time = between(0.5, 1.5)\n" A_TASK
        "class Buy(HttpUser):\n wait_time = constant(1)\n host = 'https://shop.example.com/v1'\n"
        " @task\n def a(self): self.client.get('/'); self.client.post('/')\n";
    struct source src = source_of(text, NULL);
    struct facts f;
    assert_true(locust_facts(&src, &f, NULL));
    assert_int_equal(f.scenarios, 2);
    assert_string_equal(f.scenario[0].name, "Browse");
    assert_string_equal(f.scenario[0].executor, "HttpUser");
    assert_int_equal(f.scenario[0].line, 5);
    assert_int_equal(f.scenario[0].drive, DRIVE_VUS);
    assert_near(f.scenario[0].amount.value, 3, text);
    assert_near(f.scenario[1].amount.value, 1, text);
    assert_near(f.scenario[0].vus.value, NAN, text);
    assert_string_equal(f.base_url, "https://shop.example.com");
    assert_int_equal(f.base_url_line, 12);
    assert_string_equal(f.need, "locust_http");
    assert_string_equal(f.tool, "locust");
    double share[SCENARIOS_MAX];
    char why[200];
    assert_true(facts_shares(&f, 33, share, why, sizeof why));
    assert_true(fabs(share[0] - 0.608) < 0.001); /* the two-class example of the manual */
    facts_fini(&f);
}

static void remarks(void **state) {
    (void)state;
    static const struct {
        const char *text, *kind;
        long line;
    } cases[] = {
        {"class A(HttpUser):\n fixed_count = 9\n" A_TASK, "fixed-count", 6},
        {"class A(HttpUser):\n min_wait = 1000\n" A_TASK, "wait-ignored", 6},
        {"class A(HttpUser):\n wait_function = lambda s: 1\n" A_TASK, "wait-ignored", 6},
        {"class A(HttpUser):\n" A_TASK "class S(LoadTestShape):\n def tick(self): return None\n",
         "own-shape", 8},
        {"class A(HttpUser):\n @task\n def a(self): self.client.get(f'/item/{x}')\n", "url-per-id",
         7},
        {"class A(HttpUser):\n @task\n def a(self): self.client.get('/item/%d' % x)\n",
         "url-per-id", 7},
        {"class A(HttpUser):\n @task\n def a(self): self.client.get('/item/{}'.format(x))\n",
         "url-per-id", 7},
        {"class A(HttpUser):\n @task\n def a(self):\n  u = '/item/' + x\n  self.client.get(u)\n",
         "url-per-id", 9},
        {"import requests\nclass A(HttpUser):\n @task\n def a(self):\n  requests.get('http://x')\n"
         "  self.client.get('/')\n",
         "request-outside-locust", 9},
        {"class T(TaskSet):\n wait_time = constant(1)\n" A_TASK
         "class A(HttpUser):\n tasks = [T]\n",
         "taskset-wait", 5},
        {"class T(TaskSet):\n @task\n def a(self):\n  self.client.get('/')\n  self.interrupt()\n"
         "class A(HttpUser):\n tasks = [T]\n",
         "interrupt-without-wait", 5},
        {"class A(HttpUser):\n wait_time = constant_throughput(1)\n" A_TASK, "users-in-step", 5},
        {"class A(HttpUser):\n @tag('x')\n @task\n def a(self): self.client.get('/')\n", "tags", 5},
        {"@events.init_command_line_parser.add_listener\ndef f(parser): pass\nclass "
         "A(HttpUser):\n" A_TASK,
         "own-options", 5},
        {"from helpers import *\nclass A(HttpUser):\n" A_TASK, "unseen-names", 5},
        {"from shop import ShopUser\nclass A(HttpUser):\n" A_TASK, "unseen-class", 5},
        {"class A(HttpUser):\n wait_time = constant(int(os.getenv('W', 2)))\n" A_TASK,
         "from-environment", 6},
        {"class A(HttpUser):\n @task\n def a(self):\n  self.client.get('/')\n  raise StopUser()\n",
         "user-stops", 9},
        {"class A(HttpUser):\n" A_TASK, "command-line-load", 5},
    };
    static const char *const none[] = {
        "class A(HttpUser):\n @task\n def a(self): self.client.get(f'/item/{x}', name='/item')\n",
        "class A(HttpUser):\n @task\n def a(self): self.client.get('/item/' + '1')\n",
    };
    struct facts f;
    char text[2048];
    for (size_t i = 0; i < COUNT(cases); i++) {
        snprintf(text, sizeof text, IMPORTS "%s", cases[i].text);
        struct source src = source_of(text, NULL);
        assert_true(locust_facts(&src, &f, NULL));
        if (!has_finding(&f, cases[i].kind, cases[i].line))
            fail_msg("no %s at line %ld in\n%s", cases[i].kind, cases[i].line, text);
        facts_fini(&f);
    }
    for (size_t i = 0; i < COUNT(none); i++) {
        snprintf(text, sizeof text, IMPORTS "%s", none[i]);
        struct source src = source_of(text, NULL);
        assert_true(locust_facts(&src, &f, NULL));
        assert_false(has_finding(&f, "url-per-id", 7));
        facts_fini(&f);
    }
}

static void knows_amounts(void **state) {
    (void)state;
    static const char text[] = IMPORTS "class A(HttpUser):\n fixed_count = 2\n" A_TASK
                                       "class B(HttpUser):\n weight = 5\n" A_TASK
                                       "class C(HttpUser):\n weight = 0\n" A_TASK;
    struct source src = source_of(text, NULL);
    struct facts f;
    assert_true(locust_facts(&src, &f, NULL));
    assert_near(f.scenario[0].amount.value, 2, text);
    assert_near(f.scenario[1].amount.value, NAN, text); /* the rest of -u */
    facts_fini(&f);
    src = source_of(IMPORTS "class A(FastHttpUser):\n weight = 0\n" A_TASK
                            "class B(FastHttpUser):\n" A_TASK,
                    NULL);
    assert_true(locust_facts(&src, &f, NULL));
    assert_string_equal(f.scenario[0].left_alone, "weight 0");
    assert_string_equal(f.scenario[1].left_alone, "");
    assert_string_equal(f.need, "locust_fast");
    facts_fini(&f);
}

/* --- names for the block --- */

static void names_task_sets(void **state) {
    (void)state;
    static const char text[] =
        IMPORTS "class T(TaskSet):\n wait_time = constant(1)\n" A_TASK
                "class U(T):\n @task\n def stop(self): self.interrupt()\n"
                "class A(HttpUser):\n @task\n class In(TaskSet):\n  wait_time = constant(2)\n"
                "  @task\n  def a(self):\n   self.client.get('/')\n   self.interrupt()\n"
                "class B(HttpUser):\n tasks = [U]\n";
    struct source src = source_of(text, NULL);
    struct locust_script s;
    open_text(&s, &src);
    assert_int_equal(s.waits.len, 2);
    assert_string_equal(s.waits.item[0].name, "A.In");
    assert_true(s.waits.item[0].users == 1);
    assert_string_equal(s.waits.item[1].name, "T");
    assert_true(s.waits.item[1].users == 2);
    assert_int_equal(s.leaves.len, 1);
    assert_string_equal(s.leaves.item[0].name, "A.In");
    assert_near(s.cls[0].period_ms, 0, text);
    locust_close(&s);
}

/* --- the block --- */

#define SHOP IMPORTS "class Shop(HttpUser):\n wait_time = between(1, 2)\n" A_TASK
#define BLOCK                                                                                      \
    "\n\n# >>> perfscale: stress 20 30 RPS >>>\n"                                                  \
    "import locust as _perfscale_locust\n"                                                         \
    "Shop.wait_time = _perfscale_pace(0.47619)        # 28 users * 0.47619/s\n"                    \
    "Shop.fixed_count = 28\n"                                                                      \
    "Shop.Cart.wait_time = _perfscale_pace_2(0.5)\n"                                               \
    "del OldShape\n"                                                                               \
    "class PerfscaleShape(_perfscale_locust.LoadTestShape):\n"                                     \
    "    abort_share = 0.20\n    abort_seconds = 60\n"                                             \
    "    stages = [\n        (22.5, 14, 7),\n        (44, 0, 3.5),\n    ]\n"                       \
    "# <<< perfscale <<<\n"

static void reads_its_own_block(void **state) {
    (void)state;
    static const char text[] = SHOP BLOCK "# behind\n";
    struct source src = source_of(text, NULL);
    struct locust_script s;
    open_text(&s, &src);
    const struct locust_block *b = &s.block;
    assert_true(b->found);
    assert_int_equal(b->start, strlen(SHOP));
    assert_int_equal(b->end, strlen(SHOP BLOCK));
    assert_string_equal(b->title, "stress 20 30 RPS");
    assert_int_equal(b->line, 11);
    assert_int_equal(b->classes, 2);
    assert_string_equal(b->cls[0].name, "Shop");
    assert_near(b->cls[0].per_second, 0.47619, text);
    assert_int_equal(b->cls[0].fixed_count, 28);
    assert_string_equal(b->cls[1].name, "Shop.Cart");
    assert_int_equal(b->cls[1].fixed_count, -1);
    assert_int_equal(b->stages, 2);
    assert_near(b->stage[0].until_s, 22.5, text);
    assert_int_equal(b->stage[0].users, 14);
    assert_near(b->stage[1].rate, 3.5, text);
    assert_near(b->abort_share, 0.2, text);
    assert_near(b->abort_seconds, 60, text);
    /* the facts are those of the baseline */
    assert_int_equal(s.classes, 1);
    assert_near(s.cls[0].wait_ms.value, 1500, text);
    assert_near(s.cls[0].fixed_count.value, 0, text);
    assert_int_equal(s.shapes.len, 0);
    assert_int_equal(s.lines, 9);
    assert_false(s.names_taken);
    assert_true(s.final_newline);
    locust_close(&s);
}

static void leaves_marks_in_strings_alone(void **state) {
    (void)state;
    static const char text[] = SHOP "x = '''\n# >>> perfscale: a >>>\n# <<< perfscale <<<\n'''\n";
    struct source src = source_of(text, NULL);
    struct locust_script s;
    open_text(&s, &src);
    assert_false(s.block.found);
    assert_false(s.names_taken);
    locust_close(&s);
}

/* The facts of every kind of line end, with and without the block, are the same. */
static void keeps_line_ends(void **state) {
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    static const char lf[] = "\xef\xbb\xbf" SHOP "class S(LoadTestShape): pass" BLOCK;
    for (size_t i = 0; i < COUNT(ends); i++) {
        char text[4096];
        size_t len = 0;
        for (const char *c = lf; *c; c++)
            len += (size_t)snprintf(text + len, sizeof text - len, "%.*s", *c == '\n' ? 2 : 1,
                                    *c == '\n' ? ends[i] : c);
        struct source src = source_of(text, NULL);
        struct locust_script s;
        open_text(&s, &src);
        assert_string_equal(s.newline, ends[i]);
        assert_true(s.block.found);
        assert_int_equal(s.block.end, strlen(text));
        assert_false(s.final_newline);
        assert_int_equal(s.block.line, 11);
        assert_int_equal(s.cls[0].line, 5);
        assert_int_equal(s.lines, 9);
        assert_near(s.cls[0].requests.value, 1, text);
        locust_close(&s);
    }
}

/* --- hostile texts --- */

static void survives_any_cut(void **state) {
    (void)state;
    static const char text[] = SHOP "class T(TaskSet):\n @task(2)\n def a(self):\n"
                                    "  for i in range(3): self.client.get(f'/{i}')\n" BLOCK;
    for (size_t len = 0; len < strlen(text); len++) {
        char *exact = malloc(len + 1);
        assert_non_null(exact);
        memcpy(exact, text, len);
        exact[len] = '\0';
        struct source src = {.text = exact, .len = len, .file = "locustfile.py"};
        struct facts f;
        struct err e = {0};
        struct code_spans spans;
        if (!locust_facts(&src, &f, &e) && (e.line == 0 || e.text[0] == '\0'))
            fail_msg("no line or reason at byte %zu: %s", len, e.text);
        facts_fini(&f);
        locust_colour(exact, len, &spans);
        free(spans.item);
        free(exact);
    }
}

static void survives_depth(void **state) {
    (void)state;
    enum { N = 20000 };
    static const struct {
        const char *before, *each, *behind;
    } cases[] = {
        {IMPORTS "class A(HttpUser):\n @task\n def a(self): x = (", "(", "\n"},
        {IMPORTS "class A(HttpUser):\n @task\n def a(self): self.client.get(y", " + 'a'", ")\n"},
        {IMPORTS "class A(HttpUser):\n @task\n def a(self): self.client", ".get()", "\n"},
        {IMPORTS "class A(HttpUser):\n" A_TASK "x = A", ".A", "\n"},
        {IMPORTS "class A(HttpUser):\n" A_TASK, "class B(A): pass\n", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t each = strlen(cases[i].each), size = each * N + 1000, len;
        char *text = malloc(size);
        assert_non_null(text);
        len = (size_t)snprintf(text, size, "%s", cases[i].before);
        for (int n = 0; n < N; n++, len += each)
            memcpy(text + len, cases[i].each, each);
        snprintf(text + len, size - len, "%s", cases[i].behind);
        struct source src = source_of(text, NULL);
        struct facts f;
        locust_facts(&src, &f, NULL);
        facts_fini(&f);
        free(text);
    }
}

static void survives_cycles(void **state) {
    (void)state;
    static const char *const files[] = {"a.py", "from b import *\nfrom a import *\nX = Y\n", "b.py",
                                        "from a import *\nfrom b import *\nY = X\n", NULL};
    static const char *const cases[] = {
        "from a import *\n" IMPORTS "class A(X):\n" A_TASK "class B(HttpUser):\n" A_TASK,
        IMPORTS "class A(B): pass\nclass B(A): pass\nclass C(HttpUser):\n" A_TASK,
        IMPORTS "class A(A): pass\nclass C(HttpUser):\n" A_TASK,
        IMPORTS "class T(TaskSet):\n X = T.X\n tasks = [T, X]\nclass C(HttpUser):\n tasks = [T]\n",
        IMPORTS "x = y\ny = x\nclass C(HttpUser):\n weight = x\n" A_TASK,
        IMPORTS "class C(HttpUser):\n a = a\n weight = a\n" A_TASK,
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct source src = source_of(cases[i], files);
        struct facts f;
        locust_facts(&src, &f, NULL);
        facts_fini(&f);
    }
}

static void colours_code(void **state) {
    (void)state;
    static const char text[] = "import a  # why\nx = f'b{1}' if True else None\n";
    static const struct {
        const char *words;
        enum code_kind kind;
    } want[] = {
        {"import", CODE_KEYWORD}, {"# why", CODE_COMMENT}, {"f'b", CODE_STRING},
        {"'", CODE_STRING},       {"if", CODE_KEYWORD},    {"True", CODE_KEYWORD},
        {"else", CODE_KEYWORD},   {"None", CODE_KEYWORD},
    };
    struct code_spans s;
    locust_colour(text, strlen(text), &s);
    assert_int_equal(s.len, COUNT(want));
    for (size_t i = 0; i < s.len; i++) {
        assert_int_equal(s.item[i].kind, want[i].kind);
        assert_int_equal(s.item[i].end - s.item[i].start, strlen(want[i].words));
        assert_memory_equal(text + s.item[i].start, want[i].words, strlen(want[i].words));
    }
    free(s.item);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_a_task),
        cmocka_unit_test(finds_the_mean_of_a_class),
        cmocka_unit_test(finds_what_runs),
        cmocka_unit_test(refuses_with_line_and_reason),
        cmocka_unit_test(refuses_a_module_named_locust),
        cmocka_unit_test(tells_the_facts),
        cmocka_unit_test(remarks),
        cmocka_unit_test(knows_amounts),
        cmocka_unit_test(names_task_sets),
        cmocka_unit_test(reads_its_own_block),
        cmocka_unit_test(leaves_marks_in_strings_alone),
        cmocka_unit_test(keeps_line_ends),
        cmocka_unit_test(survives_any_cut),
        cmocka_unit_test(survives_depth),
        cmocka_unit_test(survives_cycles),
        cmocka_unit_test(colours_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
