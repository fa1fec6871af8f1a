/** Milliseconds since 1970, as the host's clock had it when the process began; they never go back. */
export function monotonicNow(): number {
  return performance.timeOrigin + performance.now();
}
