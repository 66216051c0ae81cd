from locust import HttpUser, task


class Api(HttpUser):
    host = "http://127.0.0.1:8120"

    @task
    def item(self):
        self.client.get("/item", name="/item")
