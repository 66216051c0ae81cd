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


# >>> perfscale: load 80 RPS >>>
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


Browse.wait_time = _perfscale_pace(0.941176)  # 51 users * 0.941176/s * 1 request = 48 RPS
Browse.fixed_count = 51
Buy.wait_time = _perfscale_pace(0.888889)  # 18 users * 0.888889/s * 2 requests = 32 RPS
Buy.fixed_count = 18


class PerfscaleShape(_perfscale_locust.LoadTestShape):
    # (until this second, users, users started or stopped per second)
    stages = [
        (700, 69, 0.69),
        (750, 0, 1.38),
    ]

    def tick(self):
        now = self.get_run_time()
        for end, users, rate in self.stages:
            if now < end:
                return users, rate
        return None
# <<< perfscale <<<
