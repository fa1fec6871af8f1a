import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from './subjects/stack.ts';

export interface ClickCount {
  /** So many redirects have been answered: each must be counted. */
  expect(answers: number): void;
  /**
   * Resolves when all expected clicks are counted and no more come, with how long that took. Rejects if
   * fewer are counted than were answered.
   */
  settle(): Promise<{ lagMs: number }>;
  /** In all, as of now. */
  counted(): Promise<number>;
  /** This link's clicks were written by other means. */
  exclude(linkId: number): void;
}

const noneForMs = 30_000;

/** Follows what redirect-jobs has counted, in PostgreSQL. */
export function createClickCount({ sql }: Pick<Stack, 'sql'>): ClickCount {
  const excluded: number[] = [];
  let settled = 0;
  let expected = 0;
  let answered = 0;

  async function counted(): Promise<number> {
    const [row] = await sql<{ n: string }>(
      'SELECT coalesce(sum(clicks + bots), 0) AS n FROM link_totals WHERE link_id <> ALL ($1)',
      [excluded],
    );
    return Number(row?.n);
  }
  return {
    counted,
    exclude: (linkId) => excluded.push(linkId),
    expect(answers) {
      expected += answers;
      answered += answers;
    },
    async settle() {
      const startedAt = performance.now();
      let last = -1;
      let movedAt = startedAt;
      let reachedAt: number | undefined;
      for (;;) {
        const askedAt = performance.now();
        const now = await counted();
        const answeredAt = performance.now();
        if (now >= expected) reachedAt ??= answeredAt;
        // A load tool cuts off what is under way when it ends: a few more are counted than it saw answered.
        if (now === last && reachedAt !== undefined) {
          settled = now;
          expected = settled;
          return { lagMs: reachedAt - startedAt };
        }
        if (now !== last) movedAt = answeredAt;
        last = now;
        if (answeredAt - movedAt > noneForMs) {
          throw new Error(
            `CLICKS ARE MISSING: ${expected - now} of the ${answered} that were answered are not counted.`,
          );
        }
        await pause(Math.max(100, 4 * (answeredAt - askedAt)));
      }
    },
  };
}
