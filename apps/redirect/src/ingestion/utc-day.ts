const dayMs = 86_400_000;

/** When the UTC day of a moment began. Both in milliseconds since 1970. */
export function dayStart(epochMs: number): number {
  return Math.floor(epochMs / dayMs) * dayMs;
}

/** The UTC day of a moment, `YYYY-MM-DD`. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
