import type { RuntimeSettings } from '@shortstack/contracts';
import { createLocalRateLimiter, type Decision, ipKey, rateLimited } from '@shortstack/rate-limit';

export interface Limits {
  /** Returns the refusal for whoever asks too often, null for all others. */
  unknownSlugs: (address: string) => Decision | null;
  /** Throws AppError `rate_limited` / `RATE_LIMITED` for whoever guesses too often. */
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

  return {
    unknownSlugs(address) {
      if (!applies()) return null;
      const { unknownSlugsPerMinute } = settings();
      if (unknownSlugsPerMinute !== limit) {
        limit = unknownSlugsPerMinute;
        unknownSlugs = perMinute(limit);
      }
      const decision = unknownSlugs.consumeSync(ipKey(address));
      return decision.allowed ? null : decision;
    },
    passwordGuesses(slug, address) {
      if (!applies()) return;
      const decision = passwordGuesses.consumeSync(`${slug} ${ipKey(address)}`);
      if (!decision.allowed) throw rateLimited(decision);
    },
  };
}
