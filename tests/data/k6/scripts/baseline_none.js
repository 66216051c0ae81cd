import http from "k6/http"
import { check, sleep } from "k6"

// Only the home page.
export default function () {
    const res = http.get("http://127.0.0.1:8080/")
    check(res, { ok: (r) => r.status === 200 })
    sleep(Math.random() * 2 + 1)
}
