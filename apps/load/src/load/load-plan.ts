import type { KeyDistribution } from '../generate/key-distribution.ts';
import type { Stage } from '../generate/pacer.ts';

/** Which links are asked for: these, or the first so many that `seed` made. */
export type LinkSet = { slugs: readonly string[] } | { seeded: number };

/** One run, as plain data that every thread gets. Rates and connections are those of all threads together. */
export interface LoadPlan {
  /** Begins the id of every request that is to be audited. */
  runId: string;
  /** The short origin. */
  target: string;
  api: { origin: string; key: string } | undefined;
  links: LinkSet;
  distribution: KeyDistribution;
  /** Of the requests to the short origin, those for slugs that nobody has. */
  unknownShare: number;
  /** Of all requests, those that create a link. */
  creationShare: number;
  editsPerSecond: number;
  /** Open loop with these stages; undefined is a closed loop. */
  stages: readonly Stage[] | undefined;
  seconds: number;
  connections: number;
  threads: number;
  keepAlive: boolean;
  timeoutMs: number;
  userAgent: string;
  /** Of the random choices. */
  seed: number;
}
