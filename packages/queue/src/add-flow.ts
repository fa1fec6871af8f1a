import { AppError } from '@shortstack/errors';
import type { FlowJob, FlowProducer } from 'bullmq';
import type { JobDefinition } from './define-queue.ts';
import { type AddOptions, jobOptions } from './job-options.ts';

/** Beyond it the one transaction that adds a flow keeps Redis busy for too long. */
const maxChildren = 1_500;

interface FlowMember {
  job: string;
  data: unknown;
  definition: JobDefinition<unknown>;
  options: AddOptions;
}

/**
 * Adds a parent and its children in one transaction; resolves with the parent's id. Added again under the same ids, what is
 * still known stays as it is, and what was lost is there again, joined to the parent.
 * @see https://docs.bullmq.io/guide/flows
 */
export async function addFlow(
  flows: FlowProducer,
  queueName: string,
  parent: FlowMember,
  children: readonly FlowMember[],
): Promise<string> {
  if (children.length > maxChildren) {
    throw new AppError(
      'invalid',
      'FLOW_TOO_LARGE',
      `A flow has at most ${maxChildren} children; this one has ${children.length}.`,
    );
  }
  const node = ({ job, data, definition, options }: FlowMember) => ({
    ...{ name: job, queueName, data },
    opts: jobOptions(definition, options),
  });
  const flow: FlowJob = {
    ...node(parent),
    children: children.map((child) => {
      const { opts, ...rest } = node(child);
      return { ...rest, opts: { ...opts, ignoreDependencyOnFailure: true } };
    }),
  };
  const added = await flows.add(flow);
  return String(added.job.id);
}
