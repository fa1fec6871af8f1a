/** A block of codes that no other process has, and whether the pool that it came from runs low. */
export interface CodeBlock {
  codes: string[];
  isPoolLow: boolean;
}

export interface CodeSupplyOptions {
  /** Takes a block out of the pool for good; null when the pool is empty. */
  leaseBlock(): Promise<CodeBlock | null>;
  /** Makes a block from the sequence: what an empty pool is replaced by. */
  makeBlock(): Promise<string[]>;
  /** Called when the pool is low or empty: the place to ask for more. Must not throw or block. */
  onPoolLow(): void;
  /** Refills in the background once so few codes are left. Default 200, a fifth of a block. */
  refillBelow?: number;
}

export interface CodeSupply {
  /**
   * Takes codes that nobody else will get. Needs no I/O while there are enough; otherwise waits for a block.
   * @throws what the data functions throw when PostgreSQL is away and no code is left.
   */
  take(count: number): Promise<string[]>;
  /** Codes at hand, and blocks leased and made since the start. */
  stats(): { codes: number; leased: number; made: number };
}

/**
 * Ready codes for new links: leases blocks from the pool, one at a time and before they run dry, and makes its own
 * when the pool is empty, so the worker that fills the pool is never needed. Codes that are left when the process ends are
 * lost, which costs nothing: there are 3.5 × 10^12.
 */
export function createCodeSupply(options: CodeSupplyOptions): CodeSupply {
  const { refillBelow = 200 } = options;
  const codes: string[] = [];
  const counts = { leased: 0, made: 0 };
  let refilling: Promise<void> | undefined;

  async function fetchBlock(): Promise<void> {
    const block = await options.leaseBlock();
    if (block === null || block.isPoolLow) options.onPoolLow();
    if (block === null) counts.made++;
    else counts.leased++;
    codes.push(...(block?.codes ?? (await options.makeBlock())));
  }

  function refill(): Promise<void> {
    refilling ??= fetchBlock().finally(() => {
      refilling = undefined;
    });
    return refilling;
  }

  return {
    async take(count) {
      const taken = codes.splice(-count, count);
      while (taken.length < count) {
        await refill();
        taken.push(...codes.splice(taken.length - count, count - taken.length));
      }
      // A failure in the background is not lost: whoever finds no code tries again and reports it.
      if (codes.length < refillBelow) refill().catch(() => {});
      return taken;
    },
    stats: () => ({ codes: codes.length, ...counts }),
  };
}
