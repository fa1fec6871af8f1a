import { startTestRedis, until } from '@shortstack/testing';
import { describe, expect, test } from 'vitest';
import { createClock, createRecord, openCache, openRedis, ownKeys } from './fixture.ts';

const server = await startTestRedis();

/** Two processes that share one Redis, and a third that starts with an empty memory when asked for. */
async function setUp(options: { now?: () => number } = {}) {
  const record = createRecord();
  const keyOf = ownKeys();
  const redis = await openRedis({ url: server.url });
  const open = () => openCache({ record, redis, keyOf, ...options });
  const stored = () => redis.run((client) => client.get(keyOf('a')));
  return { record, stored, redirect: open(), create: open(), open };
}

describe('a load that began before a change', () => {
  test('is not kept, and its callers get the new value, when the change is announced meanwhile', async () => {
    const { record, redirect, open } = await setUp();
    record.store('a', 1, 'old');
    const release = record.hold();
    const early = redirect.get('a');
    await until(() => record.calls.length === 1);
    record.store('a', 2, 'new');
    const announced = redirect.invalidate('a', 2);
    const late = redirect.get('a');
    release();
    expect(await Promise.all([early, late])).toEqual(['new', 'new']);
    await announced;
    expect(redirect.peek('a')).toBe('new');
    expect(await open().get('a')).toBe('new');
  });

  test('does not put the old value back into Redis, even in a process that was not told', async () => {
    const { record, stored, redirect, create, open } = await setUp();
    record.store('a', 1, 'old');
    const release = record.hold();
    const early = redirect.get('a');
    await until(() => record.calls.length === 1);
    record.store('a', 2, 'new');
    await create.invalidate('a', 2);
    release();
    expect(await early).toBe('old');
    await redirect.close();
    expect(await stored()).toMatch(/^1 2 \d+ f$/);
    expect(await open().get('a')).toBe('new');
  });

  test('does not cover the new value in Redis when that is written through', async () => {
    const { record, stored, redirect, create } = await setUp();
    record.store('a', 1, 'old');
    const release = record.hold();
    const early = redirect.get('a');
    await until(() => record.calls.length === 1);
    await create.put('a', { version: 2, value: 'new' });
    release();
    await early;
    await redirect.close();
    expect(await stored()).toMatch(/^1 2 \d+ vnew$/);
  });

  test('is done again when markStale comes meanwhile', async () => {
    const { record, redirect } = await setUp();
    record.store('a', 1, 'old');
    const release = record.hold();
    const early = redirect.get('a');
    await until(() => record.calls.length === 1);
    record.store('a', 2, 'new');
    redirect.markStale();
    release();
    expect(await early).toBe('new');
    expect(redirect.peek('a')).toBe('new');
  });
});

describe('an unknown key that is created while it is looked up', () => {
  test('is found by the lookup when the creation is announced meanwhile', async () => {
    const { record, redirect } = await setUp();
    const release = record.hold();
    const early = redirect.get('a');
    await until(() => record.calls.length === 1);
    record.store('a', 1, 'created');
    const announced = redirect.invalidate('a', 1);
    release();
    expect(await early).toBe('created');
    await announced;
    expect(redirect.peek('a')).toBe('created');
  });

  test('is not covered in Redis by the late "unknown"', async () => {
    const { record, stored, redirect, create, open } = await setUp();
    const release = record.hold();
    const early = redirect.get('a');
    await until(() => record.calls.length === 1);
    record.store('a', 1, 'created');
    expect(await create.put('a', { version: 1, value: 'created' })).toBe(true);
    release();
    expect(await early).toBeNull();
    await redirect.close();
    expect(await stored()).toMatch(/^1 1 \d+ vcreated$/);
    const callsSoFar = record.calls.length;
    expect(await open().get('a')).toBe('created');
    expect(record.calls).toHaveLength(callsSoFar);
  });

  test('replaces an "unknown" that is already in both tiers', async () => {
    const { record, redirect, create } = await setUp();
    expect(await redirect.get('a')).toBeNull();
    record.store('a', 1, 'created');
    await create.put('a', { version: 1, value: 'created' });
    await redirect.invalidate('a', 1);
    expect(redirect.peek('a')).toBeUndefined();
    expect(await redirect.get('a')).toBe('created');
  });
});

describe('a key that has appeared', () => {
  test('is found by the lookup under way, and where memory and Redis say that it never existed', async () => {
    const { record, stored, redirect } = await setUp();
    expect(await redirect.get('a')).toBeNull();
    const release = record.hold();
    const early = redirect.get('b');
    await until(() => record.calls.length === 2);
    for (const key of ['a', 'b']) record.store(key, 1, 'created');
    redirect.appeared(['a', 'b']);
    expect(redirect.peek('a')).toBeUndefined();
    expect(await stored()).toMatch(/^1 0 \d+ n$/);
    release();
    expect(await early).toBe('created');
    expect(await redirect.get('a')).toBe('created');
  });

  test('is found although a process that hears late has stored "unknown" after the news', async () => {
    const { record, redirect, create, stored } = await setUp();
    const release = record.hold();
    const late = create.get('a');
    await until(() => record.calls.length === 1);
    record.store('a', 1, 'created');
    redirect.appeared(['a']);
    release();
    expect(await late).toBeNull();
    await until(async () => (await stored())?.endsWith('n') ?? false);
    expect(await redirect.get('a')).toBe('created');
  });

  test('is found by a process that starts later', async () => {
    const clock = createClock();
    const { record, redirect, open } = await setUp({ now: clock.now });
    expect(await redirect.get('a')).toBeNull();
    record.store('a', 1, 'created');
    clock.advance(1);
    expect(await open().get('a')).toBe('created');
  });
});

describe('an invalidation', () => {
  test('leaves a value of its own version in Redis where it is', async () => {
    const { record, stored, redirect, create } = await setUp();
    record.store('a', 1, 'one');
    await create.put('a', { version: 1, value: 'one' });
    await redirect.invalidate('a', 1);
    expect(await stored()).toMatch(/vone$/);
  });

  test('is written to Redis once however often it is repeated', async () => {
    const { redirect, stored, open } = await setUp();
    await redirect.invalidate('a', 5);
    const first = await stored();
    await open().put('a', { version: 7, value: 'newer' });
    await redirect.invalidate('a', 5);
    expect(first).toMatch(/^1 5 /);
    expect(await stored()).toMatch(/^1 7 /);
  });
});
