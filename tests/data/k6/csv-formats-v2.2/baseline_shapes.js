import http from 'k6/http';
import { check } from 'k6';
export const options = { scenarios: { a: { executor: 'shared-iterations', vus: 2, iterations: 6, maxDuration: '10s' } } };
const base = 'http://127.0.0.1:' + __ENV.PORT;
export default function () {
  const r = http.get(base + '/orders?page=1&sort=a,b', { tags: { team: 'a "b", c' } });
  check(r, { 'is 200, or "fine"': (x) => x.status === 200 });
  http.post(base + '/orders', '{}', { tags: { name: 'create "big" order,\nsecond line' } });
  http.get('http://127.0.0.1:1/nothing', { tags: { name: 'nobody' } });
}
