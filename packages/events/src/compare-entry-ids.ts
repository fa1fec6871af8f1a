/** Orders two ids of stream entries, `<milliseconds>-<sequence>`: negative, zero or positive. */
export function compareEntryIds(a: string, b: string): number {
  const [aTime = 0, aSequence = 0] = a.split('-').map(Number);
  const [bTime = 0, bSequence = 0] = b.split('-').map(Number);
  return aTime - bTime || aSequence - bSequence;
}
