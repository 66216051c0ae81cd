// A customer of the orders service: logs in, looks at the list, opens one order, places a new one.
// Five of them at a time are the baseline: k6 run --summary-export baseline_orders.json baseline_orders.js
import http from 'k6/http';
import { check, sleep } from 'k6';

const BASE_URL = 'http://127.0.0.1:8080';
const JSON_BODY = { 'Content-Type': 'application/json' };

export const options = {
  vus: 5,
  duration: '3m',
};

function login() {
  const response = http.post(
    `${BASE_URL}/login`,
    JSON.stringify({ user: `customer-${__VU}`, password: 'demo' }),
    { headers: JSON_BODY, tags: { name: 'POST /login' } },
  );
  check(response, { 'logged in': (r) => r.status === 200 });
}

function browse() {
  const list = http.get(`${BASE_URL}/orders`, { tags: { name: 'GET /orders' } });
  check(list, { 'list is there': (r) => r.status === 200 });

  const one = http.get(`${BASE_URL}/orders/${1 + (__ITER % 500)}`, {
    tags: { name: 'GET /orders/{id}' },
  });
  check(one, { 'order is there': (r) => r.status === 200 });
}

function order() {
  const response = http.post(
    `${BASE_URL}/orders`,
    JSON.stringify({ item: 'A-100', count: 2 }),
    { headers: JSON_BODY, tags: { name: 'POST /orders' } },
  );
  check(response, { 'order is placed': (r) => r.status === 201 });
}

export default function () {
  login();
  browse();
  sleep(1); // the customer reads
  order();
}
