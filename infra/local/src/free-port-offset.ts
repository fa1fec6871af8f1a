import { portIsTaken } from '../setup/port-is-taken.mjs';

/** The first and the last of each range that the stack uses without an offset, generated services included. */
const ranges = [
  [3_000, 3_009],
  [5_400, 5_400],
  [6_400, 6_419],
  [9_300, 9_319],
  [9_399, 9_399],
] as const;
const step = 20;
/** `fetch` refuses some ports up to 10,080. */
const lowest = 8_000;
/** Ports above 32,767 are given to outgoing connections. */
const highest = 32_767 - 9_399;

/** A `PORT_OFFSET` that leaves all of the stack's ports free at this moment. */
export async function freePortOffset(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const offset = lowest + step * Math.floor((Math.random() * (highest - lowest)) / step);
    const taken = await Promise.all(
      ranges.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, index) => portIsTaken(first + index + offset)),
      ),
    );
    if (!taken.includes(true)) return offset;
  }
  throw new Error('There is no PORT_OFFSET with which all ports are free.');
}
