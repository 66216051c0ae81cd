import http from 'k6/http';
import { check, sleep } from 'k6';

export const options = {
  discardResponseBodies: true,
  scenarios: {
    browse: {
      executor: 'ramping-vus', // closed on purpose
      startVUs: 0,
      stages: [
        { duration: '20s', target: 10 },
        { duration: '10s', target: 0 },
      ],
      gracefulRampDown: '0s',
      exec: 'browse',
      env: { REGION: 'eu' },
      tags: { kind: 'browse' },
    },
  },
};

export function browse() {
  http.batch([
    ['GET', 'http://127.0.0.1:8080/'],
    ['GET', 'http://127.0.0.1:8080/style.css'],
    ['GET', 'http://127.0.0.1:8080/app.js'],
  ]);
  sleep(0.5);
}
