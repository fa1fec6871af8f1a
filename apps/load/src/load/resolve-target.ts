import { makeApiKey } from './api-client.ts';
import { assertAnswers } from './assert-answers.ts';
import { assertMayTest } from './assert-may-test.ts';
import type { LoadOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

/** Where a run goes. */
export interface Target {
  /** The short origin. */
  origin: string;
  api: { origin: string; key: string } | undefined;
  databaseUrl: string | undefined;
}

/**
 * Finds out what is tested. Without `--target` it is the stack of this checkout, whose addresses and account come in the
 * environment (`LOAD_TARGET`, `LOAD_API`, `LOAD_EMAIL`, `LOAD_PASSWORD`, `LOAD_DATABASE_URL`). Throws a UsageError for hosts that the
 * caller has not said they may test, or that don't answer.
 */
export async function resolveTarget(options: LoadOptions, env: NodeJS.ProcessEnv): Promise<Target> {
  const isLocal = options.target === undefined;
  const local = (name: string) => (isLocal ? env[name] : undefined);
  const origin = originOf('--target', options.target ?? env.LOAD_TARGET);
  if (origin === undefined) throw new UsageError('--target is missing; --help tells more.');
  await assertMayTest(origin, options.mayTest);
  const apiOrigin = originOf('--api', options.api ?? local('LOAD_API'));
  if (apiOrigin !== undefined) await assertMayTest(apiOrigin, options.mayTest);
  for (const each of [origin, apiOrigin]) if (each !== undefined) await assertAnswers(each);
  return {
    origin: origin.origin,
    api: apiOrigin && { origin: apiOrigin.origin, key: await keyFor(apiOrigin.origin) },
    databaseUrl: options.databaseUrl ?? env.DATABASE_URL ?? local('LOAD_DATABASE_URL'),
  };

  async function keyFor(api: string): Promise<string> {
    const given = options.apiKey ?? env.LOAD_API_KEY;
    if (given !== undefined) return given;
    const [email, password] = [local('LOAD_EMAIL'), local('LOAD_PASSWORD')];
    if (!email || !password) throw new UsageError('--api needs --api-key (or LOAD_API_KEY).');
    return makeApiKey(api, email, password);
  }
}

function originOf(name: string, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`${name} is an origin such as http://localhost:3001.`);
}
