// Follows short links at a fixed rate, with a browser's user agent, so that clicks count as people's.
//   k6 run -e TARGET=http://localhost:3001 -e SLUGS=hello,redis -e RATE=1000 -e DURATION=30s apps/load/scripts/k6.js
// An open loop: k6 counts "dropped_iterations", and fails, when it had no free user for a request that was due. It measures from
// when a request is sent, though, not from when it was due.
import { check } from 'k6';
import http from 'k6/http';

const target = __ENV.TARGET || 'http://localhost:3001';
const slugs = (__ENV.SLUGS || 'hello').split(',');
// Both this and the number of users must be whole numbers.
const rate = Math.round(Number(__ENV.RATE || 500));

export const options = {
  scenarios: {
    redirects: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: __ENV.DURATION || '30s',
      preAllocatedVUs: Math.min(1000, Math.max(50, Math.ceil(rate / 10))),
      maxVUs: 2000,
    },
  },
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  summaryTrendStats: ['med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
  thresholds: { checks: ['rate==1'], dropped_iterations: ['count==0'] },
};

export default function follow() {
  const slug = slugs[Math.floor(Math.random() * slugs.length)];
  // One name for all slugs, or k6 would keep a time series for each. The redirect itself is what is measured.
  const answer = http.get(`${target}/${slug}`, {
    redirects: 0,
    timeout: '5s',
    tags: { name: 'redirect' },
  });
  check(answer, { 'is a redirect': ({ status }) => status >= 301 && status <= 308 });
}
