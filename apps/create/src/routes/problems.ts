import { STATUS_CODES } from 'node:http';
import { Problem } from '@shortstack/contracts';

/** What every route may answer besides its own answers. */
const always = [400, 500, 503] as const;

/** The problem documents that a route may answer with, for its `response` schema: these and those that any route may. */
export function problems<Status extends number>(...statuses: Status[]) {
  const entries = [...new Set([...statuses, ...always])].map((status) => [
    status,
    {
      description: STATUS_CODES[status] ?? 'Error',
      content: { 'application/problem+json': { schema: Problem } },
    },
  ]);
  return Object.fromEntries(entries) as object;
}
