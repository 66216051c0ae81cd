import http from 'k6/http';

const profiles = {
  smoke: { vus: 1, duration: '10s' },
  short: { iterations: 5 },
};

const base = {
  thresholds: { http_req_failed: ['rate<0.05'], http_req_duration: ['p(95)<800'] },
  summaryTrendStats: ['avg', 'p(95)', 'p(99)'],
};

export const options = { ...base, ...profiles[__ENV.PROFILE || 'smoke'] };

export default function () {
  http.get('http://127.0.0.1:8080/');
}
