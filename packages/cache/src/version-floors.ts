import { LRUCache } from 'lru-cache';

const MAX_FLOORS = 10_000;

/**
 * The newest changes that this process has been told of: the version below which an answer for a key is known to be
 * outdated, whichever tier it comes from. Bounded: floors of long ago are forgotten, when no lookup that
 * began before them can still be under way.
 */
export function createVersionFloors() {
  const floors = new LRUCache<string, { version: number; redisAge?: number }>({ max: MAX_FLOORS });
  let age = 0;
  return {
    of(key: string): number {
      return floors.peek(key)?.version ?? 0;
    },
    /** Returns whether Redis still has to be told. */
    raise(key: string, version: number): boolean {
      const floor = floors.get(key);
      if (floor !== undefined && floor.version >= version) return floor.redisAge !== age;
      floors.set(key, { version });
      return true;
    },
    /** Redis knows of `version`. */
    confirm(key: string, version: number): void {
      const floor = floors.peek(key);
      if (floor?.version === version) floor.redisAge = age;
    },
    /** What Redis has not confirmed since it last may have lost data, oldest first. */
    unconfirmed(): [key: string, version: number][] {
      const open: [string, number][] = [];
      floors.rforEach((floor, key) => {
        if (floor.redisAge !== age) open.push([key, floor.version]);
      });
      return open;
    },
    /** Redis may have lost what it knew. */
    doubtRedis(): void {
      age += 1;
    },
  };
}
