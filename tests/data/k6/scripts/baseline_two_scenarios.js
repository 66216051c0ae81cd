import http from 'k6/http';

const BASE = __ENV.BASE_URL || 'http://127.0.0.1:8080';

export const options = {
  scenarios: {
    // one request
    look: {
      executor: 'constant-vus',
      vus: 2,
      duration: '20s',
      exec: 'look',
      tags: { kind: 'look' },
    },
    // two requests
    buy: { executor: 'constant-vus', vus: 1, duration: '20s', exec: 'buy', startTime: '5s' },
  },
};

export function look() {
  http.get(`${BASE}/products`);
}

export function buy() {
  http.get(`${BASE}/cart`);
  http.post(`${BASE}/orders`, JSON.stringify({ product: 7 }));
}
