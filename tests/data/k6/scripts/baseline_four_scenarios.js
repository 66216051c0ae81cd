import http from "k6/http"
import { sleep } from "k6"

const BASE = "http://127.0.0.1:8080"

const visit = {
	executor: "ramping-vus",
	startVUs: 1,
	stages: [
		{ duration: "10s", target: 6 }, // up
		{ duration: "30s", target: 6 }
	],
	gracefulRampDown: "5s",
	exec: "browse"
}

export const options = {
	thresholds: {
		"http_req_duration{scenario:visit}": ["p(95)<400"],
		checks: ["rate>0.99"]
	},
	scenarios: {
		seed: { executor: "per-vu-iterations", vus: 1, iterations: 1, exec: "seed", maxDuration: "20s" },
		visit,
		search: {
			executor: "constant-vus",
			vus: 2,
			duration: "40s",
			gracefulStop: "10s",
			env: { TERM: "shoes" },
			exec: "search"
		},
		default: { executor: "constant-vus", vus: 1, duration: "40s" }
	}
}

export function seed() {
	http.post(`${BASE}/reset`)
}

export function browse() {
	http.get(`${BASE}/`)
	http.get(`${BASE}/products`)
	http.get(`${BASE}/products/7`, { tags: { name: "product" } })
	sleep(2)
}

export function search() {
	http.get(`${BASE}/search?q=${__ENV.TERM}`, { tags: { name: "search" } })
	sleep(0.5)
}

export default function () {
	http.post(`${BASE}/orders`, "{}")
}
