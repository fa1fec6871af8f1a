const pauseMs = 0.1;
const neverNotified = new Int32Array(new SharedArrayBuffer(4));

/**
 * Puts this thread to sleep for 0.1 ms, so that requests on their way are read together. Waking up for each of them
 * costs more CPU than the sleep costs time; network cards hold back interrupts for the same reason.
 *
 * Only for moments at which many clients are known to send their next request: everything else waits as well.
 *
 * @see https://www.kernel.org/doc/html/latest/networking/napi.html interrupt mitigation
 */
export function letRequestsGather(): void {
  Atomics.wait(neverNotified, 0, 0, pauseMs);
}
