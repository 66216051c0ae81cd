import http from 'k6/http';
import { check, sleep, fail } from 'k6';

export const options = { vus: 5, iterations: 50, setupTimeout: '30s' };

const pages = ['/', '/a', '/b'];

export function setup() {
  return { token: http.post('http://127.0.0.1:8080/login').json('token') };
}

export default function (data) {
  const login = http.post('http://127.0.0.1:8080/login', { user: 'u' });
  if (!check(login, { 'logged in': (r) => r.status === 200 })) {
    fail('no login');
  }
  for (const page of pages) {
    http.get(`http://127.0.0.1:8080${page}`);
  }
  switch (login.json('role')) {
    case 'admin':
      http.get('http://127.0.0.1:8080/admin');
      break;
    default:
      http.get('http://127.0.0.1:8080/home');
  }
  if (Math.random() < 0.1) {
    http.post('http://127.0.0.1:8080/order', '{}');
    sleep(1);
  }
  sleep(1);
}

export function handleSummary(data) {
  return { 'summary.json': JSON.stringify(data) };
}
