import type { Socket } from 'node:net';

/** How a delay line behaves at the moment; may be changed at any time. */
export interface Pace {
  stalled: boolean;
  delayMs: number;
}

/**
 * Passes data from one socket to another as `pace` says, in order. While stalled it keeps the data
 * (unbounded: tests send little); `release` passes all that is kept.
 */
export function delayLine(from: Socket, to: Socket, pace: Pace): { release(): void } {
  let held: { data: Buffer; dueAt: number }[] = [];

  const passOn = (): void => {
    if (pace.stalled) return;
    while (held[0] && held[0].dueAt <= performance.now()) to.write(held.shift()?.data ?? '');
  };
  from.on('data', (data: Buffer) => {
    if (!pace.stalled && pace.delayMs === 0 && held.length === 0) {
      to.write(data);
      return;
    }
    held.push({ data, dueAt: performance.now() + pace.delayMs });
    // One more than asked for, since a timer may fire a fraction of a millisecond early.
    setTimeout(passOn, pace.delayMs + 1);
  });
  return {
    release() {
      for (const { data } of held) to.write(data);
      held = [];
    },
  };
}
