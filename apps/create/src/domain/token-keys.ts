/** A key of access tokens, as all instances see it. */
export interface TokenKey {
  generation: number;
  kid: string;
  signsFrom: Date;
  revokedAt: Date | null;
}

/** A key signs for so long, then the next one does. */
const rotationMs = 30 * 86_400_000;
/** The next key is published so long before it signs: services keep keys for five minutes. */
export const leadMs = 600_000;
/** Tokens live for five minutes, and clocks differ. An instance that can't open the next key signs with the old one until then. */
const outlivesMs = 360_000;

/** Those whose tokens are good or will be: what is published. */
export function publishedKeys<Key extends TokenKey>(keys: readonly Key[], now: Date): Key[] {
  const valid = keys.filter(({ revokedAt }) => revokedAt === null);
  return valid.filter(({ generation }) =>
    valid.every(
      (other) =>
        other.generation <= generation || other.signsFrom.getTime() + outlivesMs > now.getTime(),
    ),
  );
}

/** Of published keys the newest that signs by now; undefined where none does. */
export function signingKey<Key extends TokenKey>(keys: readonly Key[], now: Date): Key | undefined {
  return keys
    .filter(({ signsFrom }) => signsFrom <= now)
    .sort((one, other) => other.generation - one.generation)[0];
}

/** From when on the next of these keys has to sign, if it is time to make it; null otherwise. */
export function nextKeyFrom(keys: readonly TokenKey[], now: Date): Date | null {
  const newest = keys.at(-1);
  if (newest === undefined || signingKey(keys, now) === undefined) return now;
  const isDue = newest.signsFrom.getTime() + rotationMs - leadMs <= now.getTime();
  return isDue ? new Date(now.getTime() + leadMs) : null;
}
