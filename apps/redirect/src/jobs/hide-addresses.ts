import { isIP } from 'node:net';

const endsWithinAddress = /^[0-9a-f]*[.:][0-9a-f.:]*$/i;

/**
 * A payload with something else in place of each visitor's address; also one that can't be read, in which a line that is an address is
 * one, wherever it stands. An address that is cut off at the end is left out.
 */
export function hideAddresses(payload: string, pseudonymOf: (address: string) => string): string {
  const lines = payload.split('\n');
  const rest = lines.pop() ?? '';
  return [
    ...lines.map((line) => (isIP(line) === 0 ? line : pseudonymOf(line))),
    endsWithinAddress.test(rest) ? '' : rest,
  ].join('\n');
}
