const maxRemembered = 10_000;

export interface TouchThrottleOptions {
  intervalMs: number;
  now?: (() => number) | undefined;
}

/**
 * Says whether this process may touch a session now: at most once per interval and session, whether the touch succeeds
 * or not. Counts from its own clock, since comparing a host's clock with the stored time would let a skewed host
 * touch always or never. Remembers the last 10,000 sessions; a forgotten one is asked for once more, and the
 * script leaves it alone.
 */
export function createTouchThrottle(options: TouchThrottleOptions): (id: string) => boolean {
  const { intervalMs, now = () => performance.now() } = options;
  const touchedAt = new Map<string, number>();
  return (id) => {
    const time = now();
    const last = touchedAt.get(id);
    if (last !== undefined && time - last < intervalMs) return false;
    // Deleted first, so that the map stays in the order of the times and its first key is the oldest.
    touchedAt.delete(id);
    touchedAt.set(id, time);
    if (touchedAt.size > maxRemembered) {
      for (const oldest of touchedAt.keys()) {
        touchedAt.delete(oldest);
        break;
      }
    }
    return true;
  };
}
