import type { OperationsOverview, SignedInUser } from '@shortstack/contracts';
import { signedInUserCodec } from '@shortstack/contracts';
import { connectRedis } from '@shortstack/redis';
import { createSessionStore, newSessionTag } from '@shortstack/session';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startWorkerHttp } from './start-worker.ts';

async function openStream() {
  const session = await startTestRedis();
  const worker = await startWorkerHttp({ REDIS_SESSION_URL: session.url });
  const redis = connectRedis({ name: 'session', url: session.url });
  onTestFinished(() => redis.close());
  await redis.ready();
  const sessions = createSessionStore<SignedInUser>({
    ...{ redis, codec: signedInUserCodec, idleTtlSeconds: 3_600 },
    ...{ absoluteTtlSeconds: 7_200, touchIntervalSeconds: 60, maxSessionsPerUser: 5 },
  });
  const data = { email: 'a@b.test', name: 'Ann', role: 'admin' as const };
  const { token } = await sessions.create({ userId: 'u1', tag: newSessionTag(), data });
  const url = `${worker.url}/ops/system/live`;
  const answer = await fetch(url, { headers: { cookie: `shortstack_session=${token}` } });
  const seen: OperationsOverview[] = [];
  let text = '';
  const ended = (async () => {
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: system\ndata: (.*)$/.exec(event)?.[1];
        if (data !== undefined) seen.push(JSON.parse(data) as OperationsOverview);
      }
    }
  })();
  ended.catch(() => {});
  return { worker, url, session, endSession: () => sessions.end(token), answer, seen, ended };
}

test('the stream shows the system every 2 s, goes on while sessions can’t be read, and ends with the session', async () => {
  const { answer, url, session, endSession, seen, ended } = await openStream();
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]) //
    .toEqual([200, 'text/event-stream; charset=utf-8', 'no-store']);
  expect((await fetch(url)).status).toBe(401);
  await until(() => seen.length >= 2);
  expect(Date.parse(seen[1]?.at ?? '') - Date.parse(seen[0]?.at ?? '')).toBeGreaterThan(1_500);

  await session.suspend();
  const before = seen.length;
  await until(() => seen.length >= before + 3, { deadlineMs: 10_000 });
  await session.resume();
  await until(async () => await endSession().catch(() => false));
  await ended;
}, 30_000);

test('the stream ends when worker does', async () => {
  const { worker, seen, ended } = await openStream();
  await until(() => seen.length > 0);
  await worker.close();
  expect(await ended).toBeUndefined();
});
