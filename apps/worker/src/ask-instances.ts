import { ProcessDetails } from '@shortstack/contracts';
import { askInstance, type ListedInstance, type ServiceClient } from '@shortstack/discovery';
import { Compile } from 'typebox/compile';

/** An instance as it is shown: by its own answer, or else by its record and the last probe. */
export interface AskedInstance extends ListedInstance, ProcessDetails {
  readonly answered: boolean;
}

const askedAtOnce = 32;
const processDetails = Compile(ProcessDetails);
const nothing: ProcessDetails = { dependencies: [], figures: [] };

/**
 * Asks every instance how it is, 32 at a time. One that the last probe could not reach is not asked, so that a fleet with hung
 * instances is shown as quickly as one without. Never rejects; takes one timeout of the client at most, for up to 32 instances.
 */
export async function askInstances(
  client: ServiceClient,
  instances: readonly ListedInstance[],
): Promise<AskedInstance[]> {
  const asked: AskedInstance[] = instances.map((one) => ({ ...one, ...nothing, answered: false }));
  const queue = instances.entries();
  const askNext = async () => {
    for (const [at, instance] of queue) {
      if (instance.health === 'unreachable') continue;
      const status = await askInstance(client, instance);
      if (status === undefined) continue;
      const { isReady, details, ...own } = status;
      // Another version may tell something else, or nothing.
      const told = processDetails.Check(details) ? details : nothing;
      asked[at] = { ...own, ...told, health: isReady ? 'healthy' : 'unready', answered: true };
    }
  };
  await Promise.all(Array.from({ length: askedAtOnce }, askNext));
  return asked;
}
