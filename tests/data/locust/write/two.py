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
