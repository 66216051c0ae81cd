#!/usr/bin/env k6
import http from 'k6/http';
import { sleep } from 'k6';

class Shop {
  constructor(base) {
    this.base = base;
  }
  list() {
    return http.get(`${this.base}/items`);
  }
  buy(id) {
    http.post(`${this.base}/cart`, { id });
    return http.post(`${this.base}/pay`);
  }
}

const shop = new Shop('https://shop.test');

export let options = {
  vus: 1,
  stages: [],
  duration: '10s',
};

const steps = [
  () => shop.list(),
];

export default function () {
  const options = { pause: 1 };
  shop.list();
  shop.buy(7);
  sleep(options.pause);
}
