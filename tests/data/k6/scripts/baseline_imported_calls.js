import { check } from 'k6';
import { createOrder } from './lib/orders.js';

export const options = {
  scenarios: {
    default: {
      executor: 'per-vu-iterations',
      vus: 4,
      iterations: 25,
      maxDuration: '5m',
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.05'],
    http_req_duration: [{ threshold: 'p(95) < 400', abortOnFail: false }],
  },
};

export default function () {
  const order = createOrder(7);
  check(order, { 'has id': (o) => o.id > 0 });
}
