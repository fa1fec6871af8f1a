import { setTimeout as pause } from 'node:timers/promises';
import { answered } from './answered.ts';
import { follow } from './follow.ts';
import type { HttpClient } from './http-client.ts';
import type { Caller } from './people.ts';

/** The promise: how long a changed link may still be served as it was. */
export const STALE_MS = 5_000;
const LINKS = 12;

export interface ChangeWatch {
  /**
   * Changes half of some new links and deletes the others while all are being followed at every origin. Resolves to the
   * longest time, in milliseconds, that one was still served as it was; rejects if that is more than 5 s.
   */
  changeAll(name: string): Promise<number>;
  close(): Promise<void>;
}

interface Seen {
  at: number;
  origin: string;
  slug: string;
  /** Where it led, or the status when it led nowhere. */
  outcome: string;
}

/** Follows links at these origins, again and again, and keeps account of where each led. */
export function watchChanges(
  http: HttpClient,
  api: Caller,
  origins: readonly string[],
): ChangeWatch {
  const seen: Seen[] = [];
  let slugs: string[] = [];
  const stopping = new AbortController();
  const load = Promise.all(origins.map(followAll));

  async function changeAll(name: string): Promise<number> {
    const made: string[] = [];
    for (let index = 0; index < LINKS; index += 1) {
      const answer = await api.call('POST', '/api/links', { url: `http://old.test/${index}` });
      made.push(answered(201, answer).json().slug);
    }
    slugs = made;
    await everyoneHasSeen(made, (outcome) => outcome.startsWith('http://old.test/'), 0);

    const changedAt = new Map<string, number>();
    for (const [index, slug] of made.entries()) {
      const answer =
        index % 2 === 0
          ? await api.call('PATCH', `/api/links/${slug}`, { url: `http://new.test/${index}` })
          : await api.call('DELETE', `/api/links/${slug}`);
      answered(index % 2 === 0 ? 200 : 204, answer);
      changedAt.set(slug, performance.now());
    }
    const lastChange = performance.now();
    const isNew = (outcome: string) => outcome.startsWith('http://new.test/') || outcome === '410';
    await everyoneHasSeen(made, isNew, lastChange);
    // And it doesn't come back.
    await pause(1_000);

    const delays = origins.flatMap((origin) =>
      made.map((slug) => {
        const since = changedAt.get(slug) ?? 0;
        const stale = seen.filter(
          (one) =>
            one.origin === origin && one.slug === slug && one.at > since && !isNew(one.outcome),
        );
        const strange = stale.find(({ outcome }) => !outcome.startsWith('http://old.test/'));
        if (strange) throw new Error(`${slug} led to ${strange.outcome}`);
        return Math.max(0, ...stale.map(({ at }) => at - since));
      }),
    );
    delays.sort((a, b) => a - b);
    const median = delays[Math.floor(delays.length / 2)] ?? 0;
    const longest = delays.at(-1) ?? 0;
    const asked = seen.filter(({ at }) => at > lastChange).length / delays.length;
    const everyMs = (performance.now() - lastChange) / asked;
    console.log(
      `Stale ${name}: median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms; each link asked every ${everyMs.toFixed(0)} ms`,
    );
    return longest;
  }

  /** Waits until the latest answer for each link, asked after `since`, is so at both instances; fails after 5 s. */
  async function everyoneHasSeen(
    wanted: readonly string[],
    isSo: (outcome: string) => boolean,
    since: number,
  ): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      const left = origins.flatMap((origin) =>
        wanted.filter((slug) => {
          const latest = seen.findLast((one) => one.origin === origin && one.slug === slug);
          return latest === undefined || latest.at <= since || !isSo(latest.outcome);
        }),
      );
      if (left.length === 0) return;
      const waitedMs = performance.now() - startedAt;
      if (waitedMs >= STALE_MS) throw new Error(`After 5 s not yet so: ${left.join(', ')}`);
      await pause(5);
    }
  }

  /** Follows all links at one instance, in turn and again and again. */
  async function followAll(origin: string): Promise<void> {
    for (let index = 0; !stopping.signal.aborted; index += 1) {
      const slug = slugs[index % slugs.length];
      if (slug !== undefined) {
        const at = performance.now();
        const { status, headers } = await follow(http, origin, slug);
        seen.push({ at, origin, slug, outcome: headers.location ?? String(status) });
      }
      await pause(2);
    }
  }

  return {
    changeAll,
    async close() {
      stopping.abort();
      await load;
    },
  };
}
