/** What all slugs of seeded links begin with. */
const seededPrefix = 'seed-';

/**
 * The slug of seeded link `index`, from 0 to below 2^32. Neighbours differ as much as real slugs do, so that an index of the
 * database is as scattered as with real ones. Nobody needs a list of them.
 */
export function seededSlug(index: number): string {
  // An odd factor permutes the numbers of 32 bits.
  const scattered = Math.imul(index, 0x9e3779b1) >>> 0;
  return seededPrefix + scattered.toString(36).padStart(7, '0');
}
