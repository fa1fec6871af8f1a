/** A set of small whole numbers, one bit each. */
export interface Bitmap {
  has(index: number): boolean;
  add(index: number): void;
  /** Bit `index & 7` of byte `index >> 3`. */
  readonly bytes: Uint8Array;
}

/** Grows as needed: 10 million numbers take 1.25 MB. */
export function createBitmap(bytes: Uint8Array = new Uint8Array(1_024)): Bitmap {
  let held = bytes;
  return {
    has: (index) => ((held[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0,
    add(index) {
      const at = index >>> 3;
      if (at >= held.length) {
        const larger = new Uint8Array(Math.max(held.length * 2, at + 1));
        larger.set(held);
        held = larger;
      }
      held[at] = (held[at] ?? 0) | (1 << (index & 7));
    },
    get bytes() {
      return held;
    },
  };
}
