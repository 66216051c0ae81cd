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


# >>> perfscale: soak 60 RPS >>>
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


Shop.wait_time = _perfscale_pace(0.487805)  # 41 users * 0.487805/s * 3 requests = 60 RPS
Shop.fixed_count = 0


class PerfscaleShape(_perfscale_locust.LoadTestShape):
    # (until this second, users, users started or stopped per second)
    stages = [
        (900, 41, 0.136667),
        (960, 0, 0.683333),
    ]

    def tick(self):
        now = self.get_run_time()
        for end, users, rate in self.stages:
            if now < end:
                return users, rate
        return None
# <<< perfscale <<<
