import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { outboxDrained } from '../outbox-drained.ts';
import type { House } from './open-house.ts';
import { goesOn } from './traffic.ts';

/** The last test of a file: ends the load, and looks for everything that was acknowledged in the course of it. */
export function testNothingLost({ stack, visitors, traffic }: House): void {
  test('every click that was answered is counted once, and every link that was made is there', async () => {
    await traffic.stop();
    const answered = traffic.samples.filter(({ outcome }) => outcome === goesOn);
    const follows = answered.filter(({ status }) => status === 302);
    const wanted = new Set(follows.map(({ flow, index }) => visitors.requestId(flow, index)));
    const isCounted = async () => {
      const rows = await stack.sql<{ id: string; count: number }>(
        'SELECT request_id AS id, count(*)::int FROM clicks WHERE request_id = ANY($1) GROUP BY 1',
        [[...wanted]],
      );
      const twice = rows.filter(({ count }) => count !== 1);
      expect(twice).toEqual([]);
      return rows.length === wanted.size;
    };
    await until(isCounted, { deadlineMs: 20_000, message: 'Clicks are missing' });

    const slugs = answered
      .filter(({ status, flow }) => status === 201 && flow.startsWith('a creation'))
      .map((one) => one.answer?.json().slug as string);
    const links = await stack.sql<{ slug: string }>('SELECT slug FROM links WHERE slug = ANY($1)', [
      slugs,
    ]);
    expect(links.length).toBe(slugs.length);
    expect(await outboxDrained(stack)).toBe(true);
  }, 60_000);
}
