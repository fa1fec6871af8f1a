import { Resolver } from 'node:dns/promises';
import { isPublicAddress } from '../domain/public-address.ts';

/** Where requests to addresses that users have chosen may go. */
export interface OutgoingRules {
  /** All addresses of a host name, none where it has none. Asked once per connection. */
  resolve(hostname: string): Promise<string[]>;
  allows(address: string, port: number): boolean;
}

const dnsTimeoutMs = 1_500;

/**
 * The public internet on ports 80 and 443. Names are asked of DNS alone, never of the hosts file or of search domains, and outside
 * of the thread pool, which password hashing needs.
 */
export function publicInternet(): OutgoingRules {
  const resolver = new Resolver({ timeout: dnsTimeoutMs, tries: 2 });
  return {
    async resolve(hostname) {
      const [ipv4, ipv6] = await Promise.allSettled([
        resolver.resolve4(hostname),
        resolver.resolve6(hostname),
      ]);
      return [ipv4, ipv6].flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    },
    allows: (address, port) => (port === 80 || port === 443) && isPublicAddress(address),
  };
}
