import { queueBoardPath } from '@shortstack/contracts';
import { escapeHtml } from '@shortstack/server';

/** One row per service: its board, and a button that puts its dead letters back. */
export function queuesPage(services: readonly string[]): string {
  const rows = services.map((service) => {
    const path = escapeHtml(queueBoardPath(service));
    return `<tr><td><a href="${path}/">${escapeHtml(service)}</a></td><td><form method="post" action="${path}/dead-letters/replay"><button>Replay up to 100 dead letters</button></form></td></tr>`;
  });
  return `<table>
<thead><tr><th>Service</th><th>Failed for good</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<p><a href="/ops">All instances</a></p>`;
}
