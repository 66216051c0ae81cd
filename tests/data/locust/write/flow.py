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
