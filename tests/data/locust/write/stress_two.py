from locust import HttpUser, between, constant, task


class Browse(HttpUser):
    host = "http://127.0.0.1:8120"
    weight = 3
    wait_time = between(0.5, 1.5)

    @task
    def look(self):
        self.client.get("/look", name="/look")


class Buy(HttpUser):
    host = "http://127.0.0.1:8120"
    weight = 1
    wait_time = constant(1)

    @task
    def buy(self):
        self.client.get("/cart", name="/cart")
        self.client.post("/order", name="/order")


# >>> perfscale: stress 40 60 80 100 120 140 160 RPS >>>
import random as _perfscale_random
import time as _perfscale_time

import locust as _perfscale_locust


def _perfscale_pace(per_second):
    period = 1.0 / per_second

    def wait_time(self):
        user = self.user if isinstance(self, _perfscale_locust.TaskSet) else self
        now = _perfscale_time.monotonic()
        due = getattr(user, "_perfscale_due", None)
        if due is None:
            due = now - period * _perfscale_random.random()
        due = max(due + period, now - 1.0)  # what is late is made up for, up to a second
        user._perfscale_due = due
        return max(0.0, due - now)

    return wait_time


Browse.wait_time = _perfscale_pace(0.923077)  # 104 users * 0.923077/s * 1 request = 96 RPS
Browse.fixed_count = 104
Buy.wait_time = _perfscale_pace(0.8)  # 40 users * 0.8/s * 2 requests = 64 RPS
Buy.fixed_count = 40


class PerfscaleShape(_perfscale_locust.LoadTestShape):
    # stop when more than 20 % of the requests of the last 60 s failed;
    # remove these two lines to go on
    abort_share = 0.2
    abort_seconds = 60
    # (until this second, users, users started or stopped per second)
    stages = [
        (70, 36, 3.6),
        (140, 54, 1.8),
        (210, 72, 1.8),
        (280, 90, 1.8),
        (350, 108, 1.8),
        (420, 126, 1.8),
        (490, 144, 1.8),
    ]
    _seen = []

    def _failing(self, now):
        seconds = getattr(self, "abort_seconds", 0)
        if not seconds:
            return False
        total = self.runner.stats.total
        self._seen.append((now, total.num_requests, total.num_failures))
        while now - self._seen[0][0] > seconds + 1:
            self._seen.pop(0)
        then, requests, failures = self._seen[0]
        allowed = self.abort_share * (total.num_requests - requests)
        return now - then >= seconds - 1 and total.num_failures - failures > allowed

    def tick(self):
        now = self.get_run_time()
        if self._failing(now):
            return None
        for end, users, rate in self.stages:
            if now < end:
                return users, rate
        return None
# <<< perfscale <<<
