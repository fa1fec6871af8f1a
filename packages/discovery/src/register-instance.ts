import type { RedisConnection } from '@shortstack/redis';
import { assertInstance, type Instance, memberOf } from './instance.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { RegistryEvent } from './registry-event.ts';
import { registryKeys } from './registry-keys.ts';
import { registryScripts } from './registry-scripts.ts';
import { report } from './report.ts';
import { withTimeout } from './with-timeout.ts';

const indexTtlMs = 24 * 60 * 60 * 1000;

/** What an instance says once about itself; see {@link Instance} for the fields. */
export type InstanceToRegister = Omit<Instance, 'beatAt' | 'load' | 'lastWork'>;

/** An instance, and how to learn what it does at the moment. */
export interface InstanceDescription {
  instance: InstanceToRegister;
  /** How busy the process is, asked at each beat. Must be quick; a throw counts as `null`. */
  load: () => number | Readonly<Record<string, unknown>>;
  /** What the process did last, in a few words; asked at each beat. */
  lastWork?: () => string | null;
}

export interface RegisterInstanceOptions extends InstanceDescription {
  /** The hub, as a `fail-fast` connection: a `patient` one would keep every beat of an outage. */
  redis: RedisConnection;
  /** How long the record outlives its last beat. Default 15: a stall of 10 s removes nobody. */
  ttlSeconds?: number;
  /** Default 5,000. Keep it at a third of the TTL. */
  heartbeatMs?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

export interface RegisteredInstance {
  /** Beats that reached the registry, and beats that did not. */
  stats(): { beats: number; failures: number };
  /**
   * Stops beating, removes the record and publishes `service_down`. Never rejects: while the hub is away the record
   * goes by its TTL. Takes at most as long as a command of the connection.
   */
  close(): Promise<void>;
}

/**
 * Keeps this process in the registry: writes its whole record at once and at every beat, so a hub that was emptied knows it
 * again after one beat, and a hub that was away as soon as it is back. Publishes `service_up` when the record is new.
 *
 * Returns at once and never throws for the hub's sake; a failed beat is counted
 * (`discovery.heartbeat_failures`) and the next one comes as planned. Beats never overlap, and one that gets no
 * answer is given up after a beat's time, whatever the connection's own timeout.
 *
 * Cost: one script of four commands per beat.
 *
 * @throws AppError `internal` / `INSTANCE_INVALID` for a name or URL that others could not use.
 */
export function registerInstance(options: RegisterInstanceOptions): RegisteredInstance {
  const { redis, instance, ttlSeconds = 15, heartbeatMs = 5_000, now = Date.now } = options;
  assertInstance(instance);
  const member = memberOf(instance);
  const keys = [`${registryKeys.recordPrefix}${member}`, registryKeys.index];
  const stats = { beats: 0, failures: 0 };
  let closed = false;

  async function beat(): Promise<void> {
    try {
      const args = [
        member,
        JSON.stringify(instanceNow(options, now())),
        Math.round(ttlSeconds * 1000),
        indexTtlMs,
        registryKeys.channel,
        message('service_up', instance),
      ];
      await withTimeout(
        heartbeatMs,
        redis.run((client) => registryScripts.beat.run(client, keys, args)),
      );
      stats.beats++;
    } catch {
      stats.failures++;
      report('discovery.heartbeat_failures');
    }
  }

  function leave(): Promise<unknown> {
    const args = [member, registryKeys.channel, message('service_down', instance)];
    return redis.run((client) => registryScripts.leave.run(client, keys, args));
  }

  const beats = oneAtATime(beat);
  const timer = setInterval(beats.run, heartbeatMs);
  timer.unref();
  // 'ready' serves a connection whose breaker never opened, the breaker one that was not closed yet at 'ready'.
  redis.client.on('ready', beats.run);
  const stopListening = redis.breaker.onStateChange((state) => {
    if (state === 'closed') beats.run();
  });
  beats.run();

  return {
    stats: () => ({ ...stats }),
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      redis.client.off('ready', beats.run);
      stopListening();
      // A beat still under way would bring the record back after its removal.
      await beats.close();
      await withTimeout(heartbeatMs, leave()).catch(() => {});
    },
  };
}

/** What an instance says of itself at this moment. */
export function instanceNow(options: InstanceDescription, now: number): Instance {
  let load: Instance['load'] = null;
  let lastWork: string | null = null;
  try {
    load = options.load();
    lastWork = options.lastWork?.() ?? null;
  } catch {
    report('discovery.load_errors');
  }
  return {
    ...options.instance,
    beatAt: new Date(now).toISOString(),
    load,
    lastWork,
  };
}

function message(event: RegistryEvent['event'], { service, id }: InstanceToRegister): string {
  return JSON.stringify({ event, service, id } satisfies RegistryEvent);
}
