import http from 'k6/http';
const options = { headers: { Accept: 'application/json' } };

export default function () {
  http.get('http://127.0.0.1:8080/', options);
}
