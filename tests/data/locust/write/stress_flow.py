import time

from locust import HttpUser, between, task


class Shop(HttpUser):
    host = "http://127.0.0.1:8120"
    wait_time = between(1, 2)

    @task
    def flow(self):
        self.client.get("/a", name="/a")
        time.sleep(0.2)
        self.client.get("/b", name="/b")
        time.sleep(0.2)
        self.client.post("/c", name="/c")


# >>> perfscale: stress 30 45 60 75 90 105 120 RPS >>>
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


Shop.wait_time = _perfscale_pace(0.454545)  # 88 users * 0.454545/s * 3 requests = 120 RPS
Shop.fixed_count = 0


class PerfscaleShape(_perfscale_locust.LoadTestShape):
    # stop when more than 20 % of the requests of the last 60 s failed;
    # remove these two lines to go on
    abort_share = 0.2
    abort_seconds = 60
    # (until this second, users, users started or stopped per second)
    stages = [
        (70, 22, 2.2),
        (140, 33, 1.1),
        (210, 44, 1.1),
        (280, 55, 1.1),
        (350, 66, 1.1),
        (420, 77, 1.1),
        (490, 88, 1.1),
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
