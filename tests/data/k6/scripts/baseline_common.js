'use strict';

const http = require('k6/http');
const { sleep } = require('k6');

const BASE = __ENV.BASE_URL || 'http://127.0.0.1:8080';

exports.options = {
  vus: 2,
  duration: '10s',
  thresholds: {
    checks: ['rate>0.99'],
  },
};

exports.default = function () {
  http.get(`${BASE}/`);
  sleep(0.5);
};
