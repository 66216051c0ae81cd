import http from 'k6/http';

export function createOrder(qty) {
  return http.post('http://127.0.0.1:8080/orders', JSON.stringify({ qty })).json();
}
