import { type Pacer, pacedBy, unpaced } from '../generate/pacer.ts';
import { requestTexts } from '../generate/request-text.ts';
import { runFlow } from '../generate/run-flow.ts';
import { addTally, createTally } from '../generate/tally.ts';
import { msAt } from '../report/percentiles.ts';
import { userAgent } from './load.ts';
import type { OfferedLoad, Outcome } from './offer-load.ts';

/** A program: brings the load that its argument describes as JSON, and prints what came of it. */
const load = JSON.parse(process.argv[2] ?? '') as OfferedLoad;
const { requests, connections = 64, headers = {}, status = 302 } = load;
const origin = new URL(load.origin);
const textOf = requestTexts(origin, {
  keepAlive: true,
  headers: { 'user-agent': userAgent, ...headers },
});
const { kind } = requests;
const isExpected = (found: number) => found === status;
const limit = requests.kind === 'numbered' ? (requests.limit ?? 0) : 0;
const tally = createTally();
const afterwards = createTally();
const startedAt = performance.now();
const endsAt = startedAt + load.seconds * 1_000;
const pacer = load.rate === undefined ? unpaced(endsAt) : offering(load.rate);
let sent = 0;

function nextText(): string {
  const number = sent;
  sent += 1;
  if (requests.kind === 'path') return textOf({ path: requests.path });
  if (requests.kind === 'create') {
    const digits = String(requests.first + number).padStart(8, '0');
    const body = `{"url":"https://example.com/a/rather/usual/path?with=a&query=${digits}"}`;
    const type = { 'content-type': 'application/json' };
    return textOf({ method: 'POST', path: requests.path, headers: type, body });
  }
  const { prefix, first, stride, count } = requests;
  const digits = String(((first + number) * stride) % count).padStart(7, '0');
  return textOf({ path: `/${prefix}${digits}` });
}

const fixed = requests.kind === 'path' ? { kind, text: nextText(), isExpected } : undefined;
const flow = runFlow({
  origin,
  connections,
  timeoutMs: 10_000,
  keepAlive: true,
  pacer: limit === 0 ? pacer : { ...pacer, due: (now) => Math.min(limit, pacer.due(now)) },
  next: () => fixed ?? { kind, text: nextText(), isExpected },
  tally: () => (performance.now() < endsAt ? tally : afterwards),
  endsAt: limit === 0 ? endsAt : performance.now(),
});
await flow.done;
const inTime = tally.answers - tally.unexpected;
addTally(tally, afterwards);
const outcome: Outcome = {
  answers: tally.answers,
  sent: flow.sent,
  goodPerSecond: inTime / load.seconds,
  refused: tally.statuses[503] ?? 0,
  failed:
    Object.values(tally.failures).reduce((sum, count) => sum + count, 0) +
    tally.unexpected -
    (tally.statuses[503] ?? 0),
  p50Ms: msAt(tally.latency, 50),
  p99Ms: msAt(tally.latency, 99),
};
console.log(JSON.stringify(outcome));

/** So many come, and whoever finds no free connection is not there when it is over. Latency is that of what was sent. */
function offering(rate: number): Pacer {
  const paced = pacedBy([{ seconds: load.seconds, from: rate, to: rate }], startedAt);
  return { due: (now) => (now < endsAt ? paced.due(now) : 0), timeOf: (_index, now) => now };
}
