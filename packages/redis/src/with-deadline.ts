/**
 * Settles as `work` does, or rejects with `onTimeout()` after `timeoutMs`, whichever is first. `work` is not
 * stopped: what it does later is ignored.
 */
export function withDeadline<T>(
  work: Promise<T>,
  timeoutMs: number,
  onTimeout: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    // If this process itself stood still, the reply may have come in time and lie in the socket: that is read first.
    const timer = setTimeout(() => setImmediate(() => reject(onTimeout())), timeoutMs);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
