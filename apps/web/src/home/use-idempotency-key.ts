import { useRef } from 'react';

export interface IdempotencyKey {
  /** The same one for as long as the same body is sent, as after a network failure that may have lost the answer alone. */
  keyOf: (body: object) => string;
  /** The body was sent and answered: the same one again is a new wish. */
  renew: () => void;
}

export function useIdempotencyKey(): IdempotencyKey {
  const last = useRef({ text: '', key: '' });
  return {
    keyOf(body) {
      const text = JSON.stringify(body);
      if (text !== last.current.text) last.current = { text, key: randomKey() };
      return last.current.key;
    },
    renew() {
      last.current = { text: '', key: '' };
    },
  };
}

/** Not `crypto.randomUUID`: pages that came over plain HTTP don't have it. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
