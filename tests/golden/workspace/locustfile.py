from locust import HttpUser, between, task


class Buyer(HttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = between(1, 2)
    weight = 1

    @task
    def buy(self):
        self.client.get("/cart")
        self.client.post("/order")


class Visitor(HttpUser):
    host = "http://127.0.0.1:8080"
    wait_time = between(0.5, 1.5)
    weight = 4

    @task
    def look(self):
        self.client.get("/items")
