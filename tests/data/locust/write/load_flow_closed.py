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


# >>> perfscale: load 60 RPS >>>
import locust as _perfscale_locust


Shop.fixed_count = 0


class PerfscaleShape(_perfscale_locust.LoadTestShape):
    # (until this second, users, users started or stopped per second)
    stages = [
        (700, 41, 0.41),
        (750, 0, 0.82),
    ]

    def tick(self):
        now = self.get_run_time()
        for end, users, rate in self.stages:
            if now < end:
                return users, rate
        return None
# <<< perfscale <<<
