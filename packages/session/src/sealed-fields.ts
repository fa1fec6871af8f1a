import type { KeyRing } from './key-ring.ts';

const sealedPrefix = 'sealed:';

/**
 * Field, value, field, value … as HSET takes them; with a ring each value is encrypted and its field's name says so. A value is bound to
 * the user's tag and its field, so whoever can write to Redis can't give one user the role of another. Not to the session's
 * id, which rotation changes.
 */
export function sealFields(
  ring: KeyRing | undefined,
  tag: string,
  fields: readonly (readonly [name: string, value: string])[],
): string[] {
  return fields.flatMap(([name, value]) =>
    ring ? [sealedPrefix + name, ring.seal(value, contextOf(tag, name))] : [name, value],
  );
}

/**
 * The same fields in plain text again; null if one can't be opened. With a ring only encrypted ones count, without one only
 * others: no value can be slipped in.
 */
export function openFields(
  ring: KeyRing | undefined,
  tag: string,
  stored: Readonly<Record<string, string>>,
): Record<string, string> | null {
  const opened: Record<string, string> = {};
  for (const [name, value] of Object.entries(stored)) {
    if (!name.startsWith(sealedPrefix)) {
      if (!ring) opened[name] = value;
      continue;
    }
    const plainName = name.slice(sealedPrefix.length);
    const text = ring?.open(value, contextOf(tag, plainName)) ?? null;
    if (text === null) return null;
    opened[plainName] = text;
  }
  return opened;
}

function contextOf(tag: string, name: string): string {
  return `${tag} ${name}`;
}
