import { createCipheriv, hkdfSync } from 'node:crypto';

const halfBits = 21;
const halfMask = 2 ** halfBits - 1;
const rounds = 10;
const blockBytes = 16;
/** What the key is derived for. Opaque, so that no renaming touches it: all codes would change. */
const purpose = Buffer.from('c2hvcnRzdGFjay9zbHVncy9mZWlzdGVsL3Yx', 'base64');

/** How many values the network permutes: 2^42. */
export const feistelSize = 2 ** (2 * halfBits);

export interface Feistel {
  /** Permutes each value of [0, 2^42) on its own; a batch only saves calls into OpenSSL. */
  readonly encrypt: (values: readonly number[]) => number[];
  /** Undoes `encrypt`. */
  readonly decrypt: (values: readonly number[]) => number[];
}

/**
 * A balanced Feistel network over 42 bits: ten rounds, as in NIST's FF1, each with AES-256 over
 * (round, half) truncated to 21 bits as its pseudo-random function.
 *
 * Ten rounds of a PRF are indistinguishable from a random permutation for all that a reader of
 * codes can collect. It is no cipher for secrets: 42 bits can be searched.
 *
 * Cost: about 1 µs per value in a batch of a thousand, 10 µs for a lone one.
 *
 * @see M. Luby, C. Rackoff: How to construct pseudorandom permutations from pseudorandom functions,
 *   SIAM J. Comput. 17(2), 1988.
 * @see NIST SP 800-38G, FF1 (the number of rounds).
 */
export function createFeistel(key: Uint8Array): Feistel {
  const aesKey = hkdfSync('sha256', key, '', purpose, 32);
  const cipher = createCipheriv('aes-256-ecb', new Uint8Array(aesKey), null);
  cipher.setAutoPadding(false);

  function mix(round: number, from: Uint32Array, into: Uint32Array): void {
    const blocks = Buffer.alloc(from.length * blockBytes);
    from.forEach((half, i) => {
      blocks.writeUInt32LE(round, i * blockBytes);
      blocks.writeUInt32LE(half, i * blockBytes + 4);
    });
    const random = cipher.update(blocks);
    into.forEach((half, i) => {
      into[i] = half ^ (random.readUInt32LE(i * blockBytes) & halfMask);
    });
  }

  function split(values: readonly number[]): [Uint32Array, Uint32Array] {
    return [
      Uint32Array.from(values, (value) => Math.floor(value / 2 ** halfBits)),
      Uint32Array.from(values, (value) => value % 2 ** halfBits),
    ];
  }

  function join(high: Uint32Array, low: Uint32Array): number[] {
    return Array.from(high, (half, i) => half * 2 ** halfBits + (low[i] ?? 0));
  }

  return {
    encrypt(values) {
      let [left, right] = split(values);
      for (let round = 0; round < rounds; round++) {
        mix(round, right, left);
        [left, right] = [right, left];
      }
      return join(left, right);
    },
    decrypt(values) {
      let [left, right] = split(values);
      for (let round = rounds - 1; round >= 0; round--) {
        [left, right] = [right, left];
        mix(round, right, left);
      }
      return join(left, right);
    },
  };
}
