import http from 'k6/http';
import { sleep } from 'k6';

export const options = {
  scenarios: {
    buy: { executor: 'constant-vus', exec: 'buy', vus: 5, duration: '5m' },
    look: { executor: 'constant-vus', exec: 'look', vus: 20, duration: '5m' },
  },
};

export function buy() {
  http.get('http://127.0.0.1:8080/cart');
  http.post('http://127.0.0.1:8080/order');
  sleep(1);
}

export function look() {
  http.get('http://127.0.0.1:8080/items');
  sleep(0.5);
}
