import http, { type RefinedResponse } from 'k6/http';
import { sleep } from 'k6';
import type { Options, Scenario } from 'k6/options';

interface Item {
  id: number;
}

const BASE: string = (__ENV.BASE_URL as string) || 'http://127.0.0.1:8080';

export const options: Options = {
  scenarios: {
    look: {
      executor: 'constant-vus' as const,
      vus: 2,
      duration: '10s',
      exec: 'look',
    } satisfies Scenario,
  } as Record<string, Scenario>,
  thresholds: { checks: ['rate>0.99'] } as Options['thresholds'],
};

function get<T extends Item>(item: T): RefinedResponse<'text'> {
  return http.get(`${BASE}/items/${item.id}`, { tags: { name: 'item' } }) as RefinedResponse<'text'>;
}

export function look(data?: unknown): void {
  get<Item>({ id: 7 });
  http.get(`${BASE}/cart`)!;
  sleep(0.5);
}
