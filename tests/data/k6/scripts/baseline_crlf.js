import http from "k6/http";
import { sleep } from "k6";

export const options = {
	// users at the same time
	vus: 10,
	duration: "1m",
	noConnectionReuse: true
};

export default function () {
	http.get("http://127.0.0.1:8080/");
	sleep(1);
}
