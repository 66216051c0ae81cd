/*
 * Orders API: list, create, read, cancel.
 * Environment: BASE_URL, TOKEN
 */
import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Trend } from 'k6/metrics';
import { randomIntBetween } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';

const BASE_URL = __ENV.BASE_URL || 'https://orders.test:8443/api';
const params = { headers: { Authorization: `Bearer ${__ENV.TOKEN}` } };
const listed = new Trend('listed');

export const options = {
    stages: [
        { duration: '1m', target: 5 },
        { duration: '5m', target: 5 },
        { duration: '30s', target: 0 },
    ],
    thresholds: {
        http_req_duration: ['p(95)<800'],
        'http_req_duration{name:create}': ['p(95)<900'],
    },
    summaryTrendStats: ['avg', 'p(95)', 'max'],
    tags: { team: 'orders' },
};

function create() {
    const res = http.post(`${BASE_URL}/orders`, JSON.stringify({ sku: 'A-100', qty: 2 }), params);
    check(res, { 'created': (r) => r.status === 201 });
    return res.json('id');
}

export default function () {
    let id;
    group('list', function () {
        const res = http.get(`${BASE_URL}/orders?page=1`, params);
        listed.add(res.timings.duration);
    });
    sleep(1);
    group('create', () => {
        id = create();
    });
    http.get(`${BASE_URL}/orders/${id}`, params);
    sleep(randomIntBetween(1, 3));
    http.del(`${BASE_URL}/orders/${id}`, null, { ...params, tags: { name: 'cancel' } });
}
