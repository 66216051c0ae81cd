import http from 'k6/http';

const smoke = { stages: [{ duration: '10s', target: 3 }], rps: 20 };
export const options = smoke;

export default function () {
  http.get('http://127.0.0.1:8080/');
}
