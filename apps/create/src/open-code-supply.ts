import type { ServiceClient } from '@shortstack/discovery';
import type { Metrics } from '@shortstack/telemetry';
import { createCodeRequest } from './create-code-request.ts';
import { createCodeBlockMaker, leaseCodeBlock } from './data/code-blocks.ts';
import type { GuardedDatabase } from './data/guarded-database.ts';
import { type CodeSupply, createCodeSupply } from './domain/code-supply.ts';

/** The supply of codes from the pool in PostgreSQL, with what is to be known of it in the metrics. */
export function openCodeSupply(
  database: GuardedDatabase,
  worker: ServiceClient,
  metrics: Metrics,
): CodeSupply {
  const codes = createCodeSupply({
    leaseBlock: () => leaseCodeBlock(database),
    makeBlock: createCodeBlockMaker(database),
    onPoolLow: createCodeRequest(worker),
  });
  metrics.observe('shortstack_codes_ready', 'Codes at hand for new links', 'gauge', () => [
    { value: codes.stats().codes },
  ]);
  metrics.observe(
    'shortstack_code_blocks_total',
    'Blocks of codes, by where they came from',
    'counter',
    () => [
      { value: codes.stats().leased, attributes: { from: 'pool' } },
      { value: codes.stats().made, attributes: { from: 'sequence' } },
    ],
  );
  return codes;
}
