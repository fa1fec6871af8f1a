import { AppError } from '@shortstack/errors';

/** A service's two kinds of process. */
export type InstanceProcess = 'http' | 'jobs';

/** One live process of a service, as it last described itself to the registry. */
export interface Instance {
  /** Unique among all processes, new with each start. */
  readonly id: string;
  readonly service: string;
  readonly process: InstanceProcess;
  /** Where the other services reach its internal listener. */
  readonly url: string;
  /** Where the public reaches it, if it does. */
  readonly publicUrl?: string;
  readonly version: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** When it last said so, by its own clock; RFC 3339. */
  readonly beatAt: string;
  /** How busy it is, in figures of its own choice. */
  readonly load: number | Readonly<Record<string, unknown>> | null;
  /** What it did last, for people to read. */
  readonly lastWork: string | null;
}

const namePattern = /^[A-Za-z0-9_.-]{1,128}$/;

/** The name of an instance in the registry's index: `<service>/<id>`. */
export function memberOf(instance: { service: string; id: string }): string {
  return `${instance.service}/${instance.id}`;
}

/** @throws AppError `internal` / `INSTANCE_INVALID` for a name or a URL that others could not use. */
export function assertInstance(instance: { service: string; id: string; url: string }): void {
  const named = namePattern.test(instance.service) && namePattern.test(instance.id);
  if (!named || !isHttpUrl(instance.url)) {
    throw new AppError(
      'internal',
      'INSTANCE_INVALID',
      'An instance needs a service and an id of letters, digits, "_", "." and "-", and an http(s) URL.',
    );
  }
}

/**
 * Reads a record of the registry; `undefined` for one that can't be used. Fields that it doesn't know
 * are ignored, and only what a call needs is required: versions N and N+1 share one registry.
 */
export function parseInstance(record: string): Instance | undefined {
  let value: unknown;
  try {
    value = JSON.parse(record);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Partial<Record<keyof Instance, unknown>> = value;
  const { id, service, url, process, load } = fields;
  if (typeof id !== 'string' || typeof service !== 'string' || typeof url !== 'string') return;
  if (!isHttpUrl(url) || (process !== 'http' && process !== 'jobs')) return undefined;
  const { publicUrl } = fields;
  return {
    id,
    service,
    process,
    url,
    ...(typeof publicUrl === 'string' && { publicUrl }),
    version: text(fields.version),
    startedAt: text(fields.startedAt),
    beatAt: text(fields.beatAt),
    load: typeof load === 'number' || isRecord(load) ? load : null,
    lastWork: typeof fields.lastWork === 'string' ? fields.lastWork : null,
  };
}

/** A path on an instance's internal listener: on that host only, whatever the path holds. */
export function urlOn(instance: Instance, path: `/${string}`): URL {
  return new URL(`${new URL(instance.url).origin}${path}`);
}

function isHttpUrl(url: string): boolean {
  const protocol = URL.parse(url)?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
