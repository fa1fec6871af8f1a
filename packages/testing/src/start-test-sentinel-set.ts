import { type SentinelSet, startSentinelSet } from '@shortstack/servers';
import { closeAfterFile } from './close-after-file.ts';

/** Starts a master with two replicas and three Sentinels (3 s), for tests of a fail-over. They are stopped when the test file ends. */
export async function startTestSentinelSet(): Promise<SentinelSet> {
  const set = await startSentinelSet();
  closeAfterFile(() => set.stop());
  return set;
}
