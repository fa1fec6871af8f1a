import { requestTexts } from '../generate/request-text.ts';
import type { PreparedRequest } from '../generate/run-flow.ts';
import type { EditWatch } from './edit-watch.ts';
import { editedTarget } from './edited-target.ts';
import type { LoadPlan } from './load-plan.ts';
import { slugOf } from './redirect-traffic.ts';

/** What one thread asks of the API: links to be created, and links to be changed. */
export function apiTraffic(plan: LoadPlan, api: { origin: string; key: string }, thread: number) {
  const text = requestTexts(new URL(api.origin), {
    keepAlive: plan.keepAlive,
    headers: {
      'user-agent': plan.userAgent,
      authorization: `Bearer ${api.key}`,
      'content-type': 'application/json',
    },
  });
  let created = 0;
  return {
    creation: (): PreparedRequest => {
      created += 1;
      const url = `https://example.com/${plan.runId}/created/${thread}/${created}`;
      const body = JSON.stringify({ url, tags: ['load'] });
      return {
        kind: 'creation',
        text: text({ method: 'POST', path: '/api/links', body }),
        isExpected: (status) => status === 201,
      };
    },
    edit: (edits: EditWatch): PreparedRequest => {
      const { key, version } = edits.next();
      const body = JSON.stringify({ url: editedTarget(plan.runId, version) });
      return {
        kind: 'edit',
        text: text({ method: 'PATCH', path: `/api/links/${slugOf(plan, key)}`, body }),
        isExpected: (status) => status === 200,
        onOutcome(outcome, isGood) {
          if (isGood) edits.acknowledged(key, version, performance.now());
          else edits.failed(key, typeof outcome !== 'string' || outcome === 'not sent');
        },
      };
    },
  };
}
