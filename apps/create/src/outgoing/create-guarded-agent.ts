import { isIP, type LookupFunction } from 'node:net';
import { AppError } from '@shortstack/errors';
import { Agent, buildConnector } from 'undici';
import type { OutgoingRules } from './outgoing-rules.ts';

const connectTimeoutMs = 3_000;

/**
 * An HTTP agent that connects only where the rules allow. For each connection the name is resolved once, every address of it is checked, and the
 * connection goes to one of exactly these: a name that answers differently the next time gains nothing. Requests to anywhere else
 * reject with AppError `TARGET_NOT_ALLOWED` (kind `forbidden`). Follows no redirects; keeps no TLS sessions. Destroy it after use.
 */
export function createGuardedAgent(rules: OutgoingRules): Agent {
  async function checkedAddresses(hostname: string, port: number): Promise<string[]> {
    const addresses = isIP(hostname) ? [hostname] : await rules.resolve(hostname);
    if (addresses.length === 0) throw new Error(`No address for ${hostname}`);
    // One bad address spoils all: no honest site has both.
    if (!addresses.every((address) => isIP(address) && rules.allows(address, port))) {
      throw new AppError(
        'forbidden',
        'TARGET_NOT_ALLOWED',
        `${hostname} is not on the public web.`,
      );
    }
    return addresses;
  }

  async function connectGuarded(
    options: buildConnector.Options,
    callback: buildConnector.Callback,
  ): Promise<void> {
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    let addresses: string[];
    try {
      addresses = await checkedAddresses(options.hostname, port);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    const connect = buildConnector({
      lookup: lookupAmong(addresses),
      autoSelectFamily: true,
      timeout: connectTimeoutMs,
      maxCachedSessions: 0,
    });
    connect(options, callback);
  }

  return new Agent({
    connections: 1,
    connect: (options, callback) => void connectGuarded(options, callback),
  });
}

/** What stands in for DNS when the connection is made. */
function lookupAmong(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    if (options.all) callback(null, known);
    else callback(null, known[0]?.address ?? '', known[0]?.family);
  };
}
