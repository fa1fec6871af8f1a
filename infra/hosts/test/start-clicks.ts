import { until } from '@shortstack/testing';
import { expect } from 'vitest';
import { follow } from '../../e2e/src/follow.ts';
import { type Load, startLoad } from '../../e2e/src/load.ts';
import type { RunningSite } from './open-site.ts';

export interface Clicks {
  readonly load: Load;
  /** Waits until PostgreSQL has each click that was answered, and expects it to have each once and no other. */
  readonly counted: () => Promise<void>;
}

/** Follows a link 50 times a second. `name` begins the ids of the requests. */
export function startClicks(stack: RunningSite, slug: string, name: string): Clicks {
  const answered: string[] = [];
  const load = startLoad({
    perSecond: 50,
    async send(index) {
      const id = `${name}-${index}`;
      const answer = await follow(stack.http, stack.shortOrigin, slug, { 'x-request-id': id });
      if (answer.status === 302) answered.push(id);
      return answer;
    },
    isGood: ({ status }) => status === 302,
  });
  const stored = async () => {
    const rows = await stack.sql<{ id: string }>(
      `SELECT request_id AS id FROM clicks WHERE request_id LIKE '${name}-%'`,
    );
    return rows.map(({ id }) => id);
  };
  return {
    load,
    counted: async () => {
      const isThere = async () => (await stored()).length >= answered.length;
      await until(isThere, { deadlineMs: 60_000, message: 'Not every click is counted' });
      expect((await stored()).sort()).toEqual(answered.sort());
    },
  };
}
