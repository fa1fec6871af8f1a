import { type Instance, type InstanceProcess, memberOf } from './instance.ts';
import type { ProbeResult } from './probe-instance.ts';
import { maxInstances } from './registry-keys.ts';

/** `unknown`: not probed yet. It is called like a healthy one. */
export type InstanceHealth = ProbeResult | 'unknown';

/** An instance and what this process thinks of its health. */
export interface ListedInstance extends Instance {
  readonly health: InstanceHealth;
}

interface Entry {
  instance: Instance;
  health: InstanceHealth;
  failuresInARow: number;
  /** When the registry first no longer knew it. */
  missingSince: number | undefined;
}

export interface InstanceTable {
  /** Takes over a list that was read from the registry. */
  merge(instances: readonly Instance[]): void;
  /** Takes over a probe's result, and forgets an instance that the registry has lost too. */
  setHealth(instance: Instance, health: InstanceHealth): void;
  /** A call failed. @returns true where that dropped the instance. */
  fail(instance: Instance): boolean;
  succeed(instance: Instance): void;
  /** The next healthy instance in turn; where there is none, one that could not be reached. */
  next(
    service: string,
    process: InstanceProcess,
    except: readonly Instance[],
  ): Instance | undefined;
  list(service?: string): ListedInstance[];
}

/**
 * The instances that one process knows, and whom it would call next.
 *
 * An instance that the registry no longer lists is kept for `keepMissingMs` as long as its probes succeed: a hub that
 * lost its data lists nobody until all have beaten again, and that is no reason to call nobody.
 */
export function createInstanceTable(options: {
  failuresToDrop: number;
  keepMissingMs: number;
  now: () => number;
}): InstanceTable {
  const entries = new Map<string, Entry>();
  const lastIds = new Map<string, string>();

  return {
    merge(instances) {
      const listed = new Set<string>();
      for (const instance of instances) {
        const member = memberOf(instance);
        listed.add(member);
        const known = entries.get(member);
        if (known) Object.assign(known, { instance, missingSince: undefined });
        else if (entries.size < maxInstances) entries.set(member, newEntry(instance));
      }
      for (const [member, entry] of entries) {
        if (listed.has(member)) continue;
        entry.missingSince ??= options.now();
        const overdue = options.now() - entry.missingSince >= options.keepMissingMs;
        if (overdue || isDropped(entry)) entries.delete(member);
      }
    },

    setHealth(instance, health) {
      const member = memberOf(instance);
      const entry = entries.get(member);
      if (!entry) return;
      // Only coming back clears what callers reported: an instance may answer probes and nothing else.
      if (isDropped(entry)) entry.failuresInARow = 0;
      entry.health = health;
      if (isDropped(entry) && entry.missingSince !== undefined) entries.delete(member);
    },

    fail(instance) {
      const entry = entries.get(memberOf(instance));
      if (!entry) return false;
      entry.failuresInARow++;
      if (entry.failuresInARow < options.failuresToDrop || isDropped(entry)) return false;
      entry.health = 'unreachable';
      return true;
    },

    succeed(instance) {
      const entry = entries.get(memberOf(instance));
      if (entry) entry.failuresInARow = 0;
    },

    next(service, process, except) {
      const tried = new Set(except.map(memberOf));
      const untried = [...entries.values()]
        .filter((entry) => entry.instance.service === service && entry.instance.process === process)
        .filter((entry) => !tried.has(memberOf(entry.instance)));
      const healthy = untried.filter((entry) => !isDropped(entry));
      // Where nobody can be reached it may be this process that stalled or was cut off.
      const unreachable = untried.filter(({ health }) => health === 'unreachable');
      const candidates = (healthy.length > 0 ? healthy : unreachable)
        .map((entry) => entry.instance)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const turn = `${service}/${process}`;
      // By id and not by a count: the turn stays fair while instances come and go.
      const previous = lastIds.get(turn) ?? '';
      const instance = candidates.find(({ id }) => id > previous) ?? candidates[0];
      if (instance) lastIds.set(turn, instance.id);
      return instance;
    },

    list: (service) =>
      [...entries.values()]
        .filter((entry) => service === undefined || entry.instance.service === service)
        .map((entry) => ({ ...entry.instance, health: entry.health }))
        .sort((a, b) => (memberOf(a) < memberOf(b) ? -1 : 1)),
  };
}

function newEntry(instance: Instance): Entry {
  return { instance, health: 'unknown', failuresInARow: 0, missingSince: undefined };
}

function isDropped(entry: Entry): boolean {
  return entry.health === 'unready' || entry.health === 'unreachable';
}
