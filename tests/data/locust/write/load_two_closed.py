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
import locust as _perfscale_locust


Browse.fixed_count = 51
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
