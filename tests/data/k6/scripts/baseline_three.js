import http from "k6/http";
import { sleep } from "k6";

const base = "http://127.0.0.1:8080";

export let options = { stages: [{ duration: "10s", target: 3 }], rps: 5 };

export default function () {
	http.get(`${base}/`);
	http.get(`${base}/cart`);
	http.get(`${base}/pay`);
	sleep(0.3);
}
