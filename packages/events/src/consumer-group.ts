import type { RedisConnection } from '@shortstack/redis';
import type { Redis } from 'ioredis';
import { loadScript } from './load-script.ts';
import { type GroupLag, readGroups } from './read-groups.ts';
import type { StreamEntry } from './stream-event.ts';
import { streamKeys } from './stream-keys.ts';

/** TypeScript can't choose among so many overloads of a `Redis | Cluster`. */
type Claiming = Pick<Redis, 'xclaim'>;

const acknowledgeScript = loadScript('acknowledge');
const forgetConsumersScript = loadScript('forget-consumers');

/** How many handled events a group remembers: about 5 MB. */
const maxSeen = 50_000;
const maxDeadEntries = 10_000;
/** Longer than any rolling restart; the name of a process that is gone is never used again. */
const goneAfterMs = 3_600_000;
const count = 10;

/** The commands of one consumer of one group. Each is one round trip. */
export function joinGroup(options: {
  connection: RedisConnection;
  stream: string;
  group: string;
  consumer: string;
  claimAfterMs: number;
  seenWindowMs: number;
}) {
  const { connection, stream, group, consumer, claimAfterMs, seenWindowMs } = options;
  const keys = streamKeys(stream);

  return {
    /** At the beginning of what there is, never at its end: events are repeated rather than skipped. */
    async create(): Promise<void> {
      await connection.run((client) =>
        client.xgroup('CREATE', stream, group, '0', 'MKSTREAM').catch((error: Error) => {
          if (!error.message.startsWith('BUSYGROUP')) throw error;
        }),
      );
    },
    async readNew(blockMs: number): Promise<StreamEntry[]> {
      const reply = await connection.run((client) =>
        client.xreadgroup(
          ...(['GROUP', group, consumer, 'COUNT', count, 'BLOCK', blockMs] as const),
          ...(['STREAMS', stream, '>'] as const),
        ),
      );
      return entriesOf(reply);
    },
    /** The oldest entries that this consumer was given and has not acknowledged, with how often they were given. */
    async readPending(): Promise<{ entries: StreamEntry[]; deliveries: Map<string, number> }> {
      const [reply, pending] = await connection.run((client) =>
        Promise.all([
          client.xreadgroup('GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, '0'),
          client.xpending(stream, group, '-', '+', count, consumer),
        ]),
      );
      const rows = pending as [string, string, number, number][];
      return {
        entries: entriesOf(reply),
        deliveries: new Map(rows.map(([id, , , delivered]) => [id, delivered])),
      };
    },
    /** Takes entries over from consumers that have not touched them for long; resolves with whether there were any. */
    async claimAbandoned(): Promise<boolean> {
      const reply = await connection.run((client) =>
        client.xautoclaim(stream, group, consumer, claimAfterMs, '0-0', 'COUNT', count, 'JUSTID'),
      );
      return ((reply as [string, string[]])[1] ?? []).length > 0;
    },
    /** Tells the group that these entries are being worked on. */
    async keep(ids: readonly string[]): Promise<void> {
      await connection.run((client: Claiming) =>
        client.xclaim(stream, group, consumer, 0, ...ids, 'JUSTID'),
      );
    },
    /** Offers entries that were not begun to the other consumers at once. */
    async offer(ids: readonly string[]): Promise<void> {
      await connection.run((client: Claiming) =>
        client.xclaim(stream, group, consumer, 0, ...ids, 'IDLE', claimAfterMs, 'JUSTID'),
      );
    },
    async hasSeen(eventId: string): Promise<boolean> {
      const score = await connection.run((client) => client.zscore(keys.seen(group), eventId));
      return score !== null;
    },
    async acknowledge(entryId: string, eventId: string): Promise<void> {
      const args = [group, entryId, eventId, seenWindowMs, maxSeen];
      await connection.run((client) =>
        acknowledgeScript.run(client, [stream, keys.seen(group)], args),
      );
    },
    /** Moves an entry to the dead letters, the oldest of which are dropped beyond 10,000. */
    async bury([entryId, fields]: StreamEntry, reason: string): Promise<void> {
      const letter = [...(fields ?? []), 'entry', entryId, 'reason', reason];
      await connection.run((client) =>
        client
          .multi()
          .xadd(keys.dead(group), 'MAXLEN', '~', maxDeadEntries, '*', ...letter)
          .xack(stream, group, entryId)
          .exec(),
      );
    },
    /** Removes consumers that are gone; this one too when it leaves. */
    async forgetConsumers({ leaving }: { leaving: boolean }): Promise<void> {
      const args = [group, leaving ? consumer : '', goneAfterMs];
      await connection.run((client) => forgetConsumersScript.run(client, [stream], args));
    },
    async lag(): Promise<GroupLag | undefined> {
      const groups = await connection.run((client) => readGroups(client, stream));
      return groups.find((each) => each.group === group);
    },
  };
}

function entriesOf(reply: unknown): StreamEntry[] {
  return (reply as [string, StreamEntry[]][] | null)?.[0]?.[1] ?? [];
}
