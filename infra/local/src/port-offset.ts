import { StartError } from './start-error.ts';

/** The highest native port is 9399. */
const MAX = 65_535 - 9_399;

/** `PORT_OFFSET`: a whole number that is added to every port; 0 unless set. */
export function readPortOffset(text: string | undefined): number {
  if (text === undefined || text.trim() === '') return 0;
  const offset = Number(text);
  if (Number.isInteger(offset) && offset >= 0 && offset <= MAX) return offset;
  throw new StartError(
    `PORT_OFFSET must be a whole number from 0 to ${MAX}, such as 100, and is "${text}".`,
  );
}
