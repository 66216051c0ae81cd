// Orders: log in, list, open one, place one. Five customers for five minutes.
//
// The target is the service on this machine; BASE_URL points elsewhere.
import http from 'k6/http';
import { check, sleep } from 'k6';

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';
const JSON_TYPE = { 'Content-Type': 'application/json' };

export const options = {
  vus: 5,
  duration: '5m',
};

function login() {
  const response = http.post(`${BASE_URL}/login`, '{"user":"c1"}', { headers: JSON_TYPE });
  check(response, { 'logged in': (r) => r.status === 200 });
}

function browse() {
  const list = http.get(`${BASE_URL}/orders`);
  check(list, { 'list is there': (r) => r.status === 200 });
  const one = http.get(`${BASE_URL}/orders/17`);
  check(one, { 'order is there': (r) => r.status === 200 });
}

function order() {
  const response = http.post(`${BASE_URL}/orders`, '{"item":"A-100"}', { headers: JSON_TYPE });
  check(response, { 'order is placed': (r) => r.status === 201 });
}

export default function () {
  login();
  browse();
  sleep(1); // the customer reads
  order();
}
