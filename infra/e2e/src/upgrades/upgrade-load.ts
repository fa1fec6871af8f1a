import { randomBytes } from 'node:crypto';
import { until } from '@shortstack/testing';
import { answered } from '../answered.ts';
import { follow } from '../follow.ts';
import { createHttpClient } from '../http-client.ts';
import { type Load, startLoad } from '../load.ts';
import { signUp, withApiKey } from '../people.ts';
import type { LocalStack } from '../start-stack.ts';
import { at, type Version } from './version.ts';

/** Redirects, creations and requests with a session, in turn at each version that serves. */
export interface UpgradeLoad {
  /** From now on these are sent requests, as by a load balancer; resolves when each has answered some. */
  serve(...versions: readonly Version[]): Promise<void>;
  /** Follows a link once at that version; the click belongs to the load's. */
  click(version: Version, slug: string): Promise<string | number>;
  /** One of its links. */
  readonly slug: string;
  /** The ids of all clicks that were answered. */
  readonly clicks: readonly string[];
  /** The slugs of all links that were created. */
  readonly created: readonly string[];
  /** What went wrong since this was last asked. */
  newFailures(): unknown[];
  stop(): Promise<void>;
}

const LINKS = 20;
/** Refused by whoever reads pages: the job is done at once, and no request leaves this machine. */
export const target = 'http://127.0.0.1:9/';

export async function startUpgradeLoad(stack: LocalStack, first: Version): Promise<UpgradeLoad> {
  const http = createHttpClient({ connections: 32 });
  const run = randomBytes(4).toString('hex');
  const person = await signUp(http, first);
  const api = await withApiKey(http, first, at(http, stack, first, person));
  const clicks: string[] = [];
  const created: string[] = [];
  const answers = new Map<Version, number>();
  let serving: readonly Version[] = [first];
  let told = 0;

  const create = async (version: Version) => {
    const answer = await at(http, stack, version, api).call('POST', '/api/links', { url: target });
    if (answer.status === 201) created.push(answer.json().slug);
    return answer;
  };
  const click = async (version: Version, slug: string) => {
    const id = `${run}-${clicks.length}-${randomBytes(4).toString('hex')}`;
    const answer = await follow(http, version.shortOrigin, slug, { 'x-request-id': id });
    if (answer.status === 302) clicks.push(id);
    return answer;
  };
  for (let made = 0; made < LINKS; made += 1) answered(201, await create(first));
  const slugs = [...created];
  const slugAt = (index: number) => slugs[index % LINKS] ?? '';

  const flow = (perSecond: number, status: number, send: (at: Version, index: number) => Answer) =>
    startLoad({
      perSecond,
      isGood: (answer) => answer.status === status,
      async send(index) {
        const version = serving[index % serving.length] ?? first;
        const answer = await send(version, index);
        answers.set(version, (answers.get(version) ?? 0) + 1);
        return answer;
      },
    });
  const loads: Load[] = [
    // Each link at both.
    flow(50, 302, (version, index) => click(version, slugAt(index >> 1))),
    flow(3, 201, create),
    flow(5, 200, (version) => at(http, stack, version, person).call('GET', '/api/auth/me')),
  ];
  return {
    slug: slugAt(0),
    clicks,
    created,
    async serve(...versions) {
      serving = versions;
      const before = new Map(answers);
      await until(() =>
        versions.every((one) => (answers.get(one) ?? 0) > (before.get(one) ?? 0) + 20),
      );
    },
    async click(version, slug) {
      const { status, headers } = await click(version, slug);
      return headers.location ?? status;
    },
    newFailures() {
      const all = loads.flatMap(({ failures, refused }) => [
        ...failures,
        ...Array.from({ length: refused }, () => 'a connection was refused'),
      ]);
      const found = all.slice(told);
      told = all.length;
      return found;
    },
    async stop() {
      await Promise.all(loads.map((load) => load.stop()));
      http.close();
    },
  };
}

type Answer = ReturnType<typeof follow>;
