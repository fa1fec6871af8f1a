import type { FaultTests } from './test-faults.ts';
import { goesOn } from './traffic.ts';

/** What a server costs that no request needs. */
export const everythingGoesOn: FaultTests['table'] = {
  redirect: {
    'a known link': goesOn,
    'a link not in memory': goesOn,
    'a maxClicks link': goesOn,
    'a private link': goesOn,
  },
  create: {
    'a creation, by session': goesOn,
    'a creation, by key': goesOn,
    'who am I': goesOn,
    'who am I, no cookie': goesOn,
    'who am I, malformed': goesOn,
    'a sign-in': goesOn,
    'a registration': goesOn,
  },
  worker: { 'the operations page': goesOn },
};
