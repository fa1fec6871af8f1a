/** A key that is being looked up, and the promise of those who wait for it. */
export interface Lookup<T> extends PromiseWithResolvers<T | null> {
  key: string;
  /** What is older than this is known to be outdated. Rises when a change is announced meanwhile. */
  minVersion: number;
  /** Names the lease that this process holds on the key. */
  lease?: number;
}

export const keysOf = (lookups: readonly { key: string }[]): string[] =>
  lookups.map(({ key }) => key);
