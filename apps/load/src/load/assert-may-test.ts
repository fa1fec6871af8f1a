import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { UsageError } from './usage-error.ts';

const nearby = new BlockList();
for (const [net, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  nearby.addSubnet(net, prefix, 'ipv4');
}
nearby.addAddress('::1', 'ipv6');
nearby.addSubnet('fc00::', 7, 'ipv6');
nearby.addSubnet('fe80::', 10, 'ipv6');

/**
 * Throws a UsageError unless every address of the host is loopback or private, or the caller says that they may test it: a typing
 * mistake should not become an attack on somebody.
 */
export async function assertMayTest(origin: URL, isAllowed: boolean): Promise<void> {
  if (isAllowed) return;
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const addresses = await lookup(host, { all: true }).catch(() => {
    throw new UsageError(`${host} has no address.`);
  });
  const far = addresses.find(
    ({ address }) => !nearby.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'),
  );
  if (far !== undefined) {
    throw new UsageError(
      `${host} (${far.address}) is neither this machine nor in a private network. If you may test it, say --i-may-test-this-host.`,
    );
  }
}
