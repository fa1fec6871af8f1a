import type { RuntimeSettings } from '@shortstack/contracts';
import {
  createLocalRateLimiter,
  ipKey,
  type LocalRateLimiter,
  rateLimited,
} from '@shortstack/rate-limit';

export interface Limits {
  /** Both throw AppError `rate_limited` / `RATE_LIMITED` for whoever asks too often. */
  unknownSlugs: (address: string) => void;
  passwordGuesses: (slug: string, address: string) => void;
}

/** The limits of this process, which answers without the hub. They follow the runtime settings; another number starts to count anew. */
export function createLimits(settings: () => RuntimeSettings, enabled: boolean): Limits {
  const perMinute = (limit: number) =>
    createLocalRateLimiter({
      name: 'unknown-slugs',
      policy: { algorithm: 'gcra', limit, windowSeconds: 60 },
    });
  let limit = settings().unknownSlugsPerMinute;
  let unknownSlugs = perMinute(limit);
  const passwordGuesses = createLocalRateLimiter({
    name: 'password-guesses',
    policy: { algorithm: 'slidingWindowLog', limit: 10, windowSeconds: 300 },
  });

  const applies = () => enabled && settings().rateLimits;

  function spend(limiter: LocalRateLimiter, key: string): void {
    const decision = limiter.consumeSync(key);
    if (!decision.allowed) throw rateLimited(decision);
  }

  return {
    unknownSlugs(address) {
      if (!applies()) return;
      const { unknownSlugsPerMinute } = settings();
      if (unknownSlugsPerMinute !== limit) {
        limit = unknownSlugsPerMinute;
        unknownSlugs = perMinute(limit);
      }
      spend(unknownSlugs, ipKey(address));
    },
    passwordGuesses(slug, address) {
      if (applies()) spend(passwordGuesses, `${slug} ${ipKey(address)}`);
    },
  };
}
