import http from 'k6/http';
import { check } from 'k6';

export const options = {
  vus: 2,
  duration: '30s', // smoke
  thresholds: { checks: ['rate>0.95'] },
};

export default function () {
  const res = http.post('http://127.0.0.1:8080/checkout', JSON.stringify({ cart: 7 }), {
    headers: { 'Content-Type': 'application/json' },
  });
  check(res, { 'status is 200': (r) => r.status === 200 });
}
