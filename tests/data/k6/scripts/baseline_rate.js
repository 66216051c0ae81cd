import { get } from 'k6/http';

export const options = {
  scenarios: {
    rate: { executor: 'constant-arrival-rate', rate: 20, timeUnit: '1s', duration: '30s', preAllocatedVUs: 10, startTime: '5s', exec: 'run' }
  }
};

export const run = () => {
  for (let i = 0; i < 4; i++) {
    get(`http://127.0.0.1:8080/page/${i}`, { tags: { name: 'page' } });
  }
};
