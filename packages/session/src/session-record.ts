import type { KeyRing } from './key-ring.ts';
import { report } from './report.ts';
import { openFields, sealFields } from './sealed-fields.ts';
import type { Session, SessionCodec } from './session.ts';
import type { SessionAddress } from './session-token.ts';

const dataPrefix = 'data:';

/**
 * Sessions as Redis hashes: `userId`, `createdAt`, `lastSeenAt`, `expiresAt` (the absolute end; all in milliseconds by
 * Redis's clock) and each field of the data with the prefix `data:`. With a key ring `userId` and the data are encrypted.
 */
export function createSessionRecords<Data>({
  codec,
  idleMs,
  keyRing,
}: {
  codec: SessionCodec<Data>;
  idleMs: number;
  keyRing: KeyRing | undefined;
}) {
  return {
    /** Field, value, field, value … as HSET takes them. */
    encode(tag: string, { userId, data }: { userId?: string; data: Partial<Data> }): string[] {
      const fields: [string, string][] = userId === undefined ? [] : [['userId', userId]];
      for (const [name, value] of Object.entries(codec.encode(data))) {
        fields.push([dataPrefix + name, value]);
      }
      return sealFields(keyRing, tag, fields);
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

    /**
     * The session of a hash; null for an empty hash and for one that makes no sense or can't be decrypted. `endMs` is its end
     * by the user's index, which also services that don't write into the hash put off.
     */
    decode(
      address: SessionAddress,
      fields: Record<string, string>,
      endMs = 0,
    ): Session<Data> | null {
      if (Object.keys(fields).length === 0) return null;
      const opened = openFields(keyRing, address.tag, fields) ?? {};
      const own: Record<string, string> = {};
      for (const [name, value] of Object.entries(opened)) {
        if (name.startsWith(dataPrefix)) own[name.slice(dataPrefix.length)] = value;
      }
      const { userId } = opened;
      const createdAtMs = Number(fields.createdAt);
      const lastSeenAtMs = Math.max(Number(fields.lastSeenAt), endMs - idleMs);
      const expiresAtMs = Math.min(Number(fields.expiresAt), lastSeenAtMs + idleMs);
      const data = codec.decode(own);
      if (userId === undefined || data === null || Number.isNaN(createdAtMs + expiresAtMs)) {
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
