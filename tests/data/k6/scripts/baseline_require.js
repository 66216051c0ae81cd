const http = require('k6/http');
const { sleep } = require('k6');

export const options = {

  // Ten users, one minute.
  vus: 10, duration: '1m',

  /* limits */ thresholds: {
    http_req_failed: ['rate<0.02'], // agreed with ops
  }

};

export default function () {
  http.get('http://127.0.0.1:8080/');
  sleep(1);
}
