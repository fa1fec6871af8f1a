/**
 * Draws ranks 1 … count with probability proportional to 1 / rank^exponent (exponent > 0), in constant time and memory.
 *
 * @see Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions",
 *   ACM TOMACS 6 (1996)
 */
export function zipfRanks(count: number, exponent: number, random: () => number): () => number {
  /** The density, and its integral, whose inverse turns even numbers into ranks. */
  const density = (x: number) => Math.exp(-exponent * Math.log(x));
  const integral = (x: number) => {
    const log = Math.log(x);
    return expm1Ratio((1 - exponent) * log) * log;
  };
  const inverse = (y: number) => Math.exp(log1pRatio(Math.max(-1, y * (1 - exponent))) * y);

  const low = integral(1.5) - 1;
  const high = integral(count + 0.5);
  /** So close to its rank a draw needs no closer look. */
  const certain = 2 - inverse(integral(2.5) - density(2));

  return () => {
    for (;;) {
      const y = high + random() * (low - high);
      const x = inverse(y);
      const rank = Math.min(count, Math.max(1, Math.floor(x + 0.5)));
      if (rank - x <= certain || y >= integral(rank + 0.5) - density(rank)) return rank;
    }
  };
}

/** log(1 + x) / x, near 0 too. */
function log1pRatio(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2;
}

/** (e^x - 1) / x, near 0 too. */
function expm1Ratio(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2;
}
