const maxDepth = 32;

/**
 * Looks through a parsed JSON value for what must not go further. Returns the first fault as the end of a sentence, or
 * undefined. Walks level by level instead of recursing, so depth can't overflow the stack.
 */
export function findUnstorable(root: unknown): string | undefined {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return `is nested deeper than ${maxDepth} levels`;
    const next: unknown[] = [];
    for (const value of level) {
      const fault = inspect(value, next);
      if (fault !== undefined) return fault;
    }
    level = next;
  }
  return undefined;
}

/** Whether PostgreSQL can store a text: it has no NUL character and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

const unstorable = 'contains a NUL character or half of a surrogate pair, which is no text';

function inspect(value: unknown, next: unknown[]): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : unstorable;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    for (const item of value) next.push(item);
    return undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') return 'has a key named __proto__';
    if (!isStorable(key)) return unstorable;
    next.push(item);
  }
  return undefined;
}
