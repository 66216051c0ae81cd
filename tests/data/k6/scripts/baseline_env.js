import http from 'k6/http';
import { sleep } from 'k6';

const VUS = __ENV.VUS || 10;
const duration = __ENV.DURATION || '1m';
const think = Number(__ENV.THINK) || 2;

export const options = {
  vus: VUS, // from the pipeline
  duration,
  userAgent: 'orders-test/1.0',
};

export default function () {
  http.get(`${__ENV.HOST}/orders`);
  sleep(think);
}
