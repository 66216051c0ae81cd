from locust import HttpUser, task


class Api(HttpUser):
    host = "http://127.0.0.1:8120"

    @task
    def item(self):
        self.client.get("/item", name="/item")


# >>> perfscale: stress 50 75 100 125 150 175 200 RPS >>>
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


Api.wait_time = _perfscale_pace(8.33333)  # 24 users * 8.33333/s * 1 request = 200 RPS
Api.fixed_count = 0


class PerfscaleShape(_perfscale_locust.LoadTestShape):
    # stop when more than 20 % of the requests of the last 60 s failed;
    # remove these two lines to go on
    abort_share = 0.2
    abort_seconds = 60
    # (until this second, users, users started or stopped per second)
    stages = [
        (70, 6, 0.6),
        (140, 9, 0.3),
        (210, 12, 0.3),
        (280, 15, 0.3),
        (350, 18, 0.3),
        (420, 21, 0.3),
        (490, 24, 0.3),
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
