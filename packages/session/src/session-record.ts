import { report } from './report.ts';
import type { Session, SessionCodec } from './session.ts';
import type { SessionAddress } from './session-token.ts';

const dataPrefix = 'data:';

/**
 * Sessions as Redis hashes: `userId`, `createdAt`, `lastSeenAt`, `expiresAt` (the absolute end; all in milliseconds by
 * Redis's clock) and each field of the data with the prefix `data:`.
 */
export function createSessionRecords<Data>(codec: SessionCodec<Data>, idleMs: number) {
  return {
    /** Field, value, field, value … as HSET takes them. */
    encode(fields: { userId?: string; data: Partial<Data> }): string[] {
      const flat = fields.userId === undefined ? [] : ['userId', fields.userId];
      for (const [name, value] of Object.entries(codec.encode(fields.data))) {
        flat.push(dataPrefix + name, value);
      }
      return flat;
    },

    /** A session that has just been stored. */
    started(
      address: SessionAddress,
      { userId, data }: { userId: string; data: Data },
      createdAtMs: number,
    ): Session<Data> {
      const createdAt = new Date(createdAtMs);
      const expiresAt = new Date(createdAtMs + idleMs);
      return { ...address, userId, createdAt, lastSeenAt: createdAt, expiresAt, data };
    },

    /** The session of a hash; null for an empty hash and for one that makes no sense. */
    decode(address: SessionAddress, fields: Record<string, string>): Session<Data> | null {
      const { userId } = fields;
      if (userId === undefined) return null;
      const own: Record<string, string> = {};
      for (const [name, value] of Object.entries(fields)) {
        if (name.startsWith(dataPrefix)) own[name.slice(dataPrefix.length)] = value;
      }
      const createdAtMs = Number(fields.createdAt);
      const lastSeenAtMs = Number(fields.lastSeenAt);
      const expiresAtMs = Math.min(Number(fields.expiresAt), lastSeenAtMs + idleMs);
      const data = codec.decode(own);
      if (data === null || Number.isNaN(createdAtMs + expiresAtMs)) {
        report('session.undecodable');
        return null;
      }
      return {
        id: address.id,
        tag: address.tag,
        userId,
        createdAt: new Date(createdAtMs),
        lastSeenAt: new Date(lastSeenAtMs),
        expiresAt: new Date(expiresAtMs),
        data,
      };
    },
  };
}

/** A flat list of fields and values, as scripts return a hash, as an object. */
export function fieldsOf(flat: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[String(flat[i])] = String(flat[i + 1]);
  return fields;
}
