import type { KeyDistribution } from '../generate/key-distribution.ts';

/** What a scenario sets; whatever the command line says as well wins. */
export interface Scenario {
  about: string;
  links?: number;
  keys?: KeyDistribution;
  unknownShare?: number;
  creationShare?: number;
  editsPerSecond?: number;
  /** Requests per second at the height of it. */
  rate?: number;
  /** The shape over time: part of the duration, and parts of the rate from and to. */
  shape?: readonly { part: number; from: number; to: number }[];
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  'launch-spike': {
    about:
      'a quiet site is announced: from a tenth of the rate to all of it within moments, and back',
    links: 100,
    keys: { kind: 'zipf', exponent: 1.2 },
    creationShare: 0.005,
    rate: 5_000,
    shape: [
      { part: 0.2, from: 0.1, to: 0.1 },
      { part: 0.1, from: 0.1, to: 1 },
      { part: 0.4, from: 1, to: 1 },
      { part: 0.2, from: 1, to: 0.1 },
      { part: 0.1, from: 0.1, to: 0.1 },
    ],
  },
  'viral-link': {
    about: 'one link of a thousand gets 95 % of all visits',
    links: 1_000,
    keys: { kind: 'hot', keys: 1, share: 0.95 },
    rate: 5_000,
  },
  scanner: {
    about: 'somebody tries slugs: 95 % of the requests are for links that nobody made',
    links: 100,
    unknownShare: 0.95,
    rate: 3_000,
  },
  'cold-start': {
    about:
      'no cache knows anything: every link is asked for equally often, at the full rate from the first moment',
    links: 10_000,
    keys: { kind: 'uniform' },
    rate: 1_000,
  },
  'edit-storm': {
    about: 'popular links are changed all the time while people follow them',
    links: 200,
    keys: { kind: 'zipf', exponent: 1 },
    editsPerSecond: 20,
    rate: 2_000,
  },
};
