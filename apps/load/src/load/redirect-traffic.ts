import type { Outcome } from '../generate/connection.ts';
import { drawKeys } from '../generate/key-distribution.ts';
import { requestTexts } from '../generate/request-text.ts';
import type { PreparedRequest } from '../generate/run-flow.ts';
import { type Bitmap, createBitmap } from './bitmap.ts';
import type { EditWatch } from './edit-watch.ts';
import { versionShown } from './edited-target.ts';
import type { LoadPlan } from './load-plan.ts';
import { seededSlug } from './seeded-slug.ts';

export interface RedirectTraffic {
  next: (now: number) => PreparedRequest;
  /** How many redirects have been asked for: their ids end in 0 … issued - 1. */
  readonly issued: number;
  /** Those whose redirect came back complete. */
  readonly answered: Bitmap;
  /** Those that were answered with something else. What is in neither has had no complete answer. */
  readonly refused: Bitmap;
}

const isRedirect = (status: number) => status >= 301 && status <= 308 && status !== 304;
const isNotFound = (status: number) => status === 404;

/** The id that names a request of a run for the audit. */
function requestId(runId: string, thread: number, sequence: number): string {
  return `${runId}-${thread}-${sequence}`;
}

/** How many links a plan is about. */
export function countLinks({ links }: LoadPlan): number {
  return 'slugs' in links ? links.slugs.length : links.seeded;
}

/** Names link `key` of a plan. */
export function slugOf({ links }: LoadPlan, key: number): string {
  return 'slugs' in links ? (links.slugs[key] ?? '') : seededSlug(key);
}

/** What one thread asks of the short origin. */
export function redirectTraffic(
  plan: LoadPlan,
  thread: number,
  random: () => number,
  edits: EditWatch | undefined,
): RedirectTraffic {
  const { runId, unknownShare, keepAlive } = plan;
  const headers = { 'user-agent': plan.userAgent };
  const text = requestTexts(new URL(plan.target), { keepAlive, headers });
  const draw = drawKeys(plan.distribution, countLinks(plan), random);
  const answered = createBitmap();
  const refused = createBitmap();
  let issued = 0;

  function unknown(): PreparedRequest {
    const slug = `no-${Math.floor(random() * 36 ** 6).toString(36)}`;
    return { kind: 'unknown slug', text: text({ path: `/${slug}` }), isExpected: isNotFound };
  }

  function known(now: number): PreparedRequest {
    const key = draw();
    const sequence = issued;
    issued += 1;
    return {
      kind: 'redirect',
      text: text({
        path: `/${slugOf(plan, key)}`,
        headers: { 'x-request-id': requestId(runId, thread, sequence) },
      }),
      isExpected: isRedirect,
      onOutcome(outcome: Outcome, isGood: boolean) {
        if (typeof outcome === 'string') return;
        (isGood ? answered : refused).add(sequence);
        if (!isGood) return;
        if (edits?.isWatched(key)) edits.saw(key, versionShown(runId, outcome.head()), now);
      },
    };
  }

  return {
    next: (now) => (unknownShare > 0 && random() < unknownShare ? unknown() : known(now)),
    get issued() {
      return issued;
    },
    answered,
    refused,
  };
}
