from locust import HttpUser, task


class Api(HttpUser):
    host = "http://127.0.0.1:8120"

    @task
    def item(self):
        self.client.get("/item", name="/item")


# >>> perfscale: load 100 RPS >>>
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


Api.wait_time = _perfscale_pace(8.33333)  # 12 users * 8.33333/s * 1 request = 100 RPS
Api.fixed_count = 0


class PerfscaleShape(_perfscale_locust.LoadTestShape):
    # (until this second, users, users started or stopped per second)
    stages = [
        (700, 12, 0.12),
        (750, 0, 0.24),
    ]

    def tick(self):
        now = self.get_run_time()
        for end, users, rate in self.stages:
            if now < end:
                return users, rate
        return None
# <<< perfscale <<<
