import http from 'k6/http';

export const options = {
  vus: 5,
  executor: 'constant-vus',
  scenarios: {
    steady: {
      executor: 'constant-vus',
      vus: 5,
      duration: '1m',
      gracefulStop: '10s',
    },
  },
};

export default function () {
  http.get('http://127.0.0.1:8080/');
}
