/**
 * How long a pulse takes for the gap between two, so that more is faster: 3 s for one call in ten seconds, a quarter of a second from
 * thousands a second on. In few steps, since a movement jumps when its speed changes. Null where nothing flows.
 */
export function pulseSeconds(rate: number): number | null {
  if (rate <= 0) return null;
  const step = Math.min(5, Math.max(0, Math.round(Math.log10(rate) + 1)));
  return [3, 2, 1.2, 0.7, 0.4, 0.25][step] ?? null;
}
