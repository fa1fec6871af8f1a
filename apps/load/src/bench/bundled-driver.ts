import type { Driver } from './load.ts';
import { offerLoad } from './offer-load.ts';

/** The generator of `npm run load`, for machines without wrk. */
export const bundledDriver: Driver = {
  name: 'the bundled generator (wrk, where it is installed, is faster)',
  async run(load) {
    const { answers, sent, failed, refused } = await offerLoad(load);
    if (failed + refused > 0) {
      throw new Error(
        `${load.origin} did not answer as it should: ${failed + refused} requests failed or had another status than ${load.status ?? 302}.`,
      );
    }
    return { answers, sent };
  },
};
