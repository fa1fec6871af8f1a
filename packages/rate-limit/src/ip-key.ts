import { isIPv6 } from 'node:net';

/**
 * The key under which to limit a client's address. IPv6 addresses count by their /64, of which every subscriber has at
 * least one whole; an IPv4 address written as IPv6 counts as what it is. Anything else is returned as it is.
 * The address must come from the connection or a trusted proxy, never from a header that clients can write.
 */
export function ipKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [plain = ''] = address.toLowerCase().split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    const zeros = 8 - groups.length - after;
    groups.push(...Array<string>(zeros).fill('0'), ...(tail === '' ? [] : tail.split(':')));
  }
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::`;
}
