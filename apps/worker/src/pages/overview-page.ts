import type { OperationsOverview } from '@shortstack/contracts';
import { escapeHtml } from '@shortstack/server';

type Instance = OperationsOverview['instances'][number];

/** The body of the overview: one row per instance. */
export function overviewPage({ at, isRegistryAway, instances }: OperationsOverview): string {
  const warning = isRegistryAway
    ? '<p class="fault">The registry does not answer: this is what was known last.</p>'
    : '';
  const rows = instances.map((instance) => row(instance, Date.parse(at))).join('\n');
  return `${warning}
<table>
<thead><tr><th>Service</th><th>Process</th><th>Instance</th><th>Version</th><th>Up for</th><th>Health</th><th>Load</th><th>Last work</th></tr></thead>
<tbody>
${rows || '<tr><td colspan="8">No instance is registered.</td></tr>'}
</tbody>
</table>
<p><small>${instances.length} instances at ${escapeHtml(at)}</small></p>
<p><a href="/ops/queues">Queues</a></p>`;
}

function row(instance: Instance, now: number): string {
  const { service, process, id, version, startedAt, health, load, lastWork } = instance;
  const isOwnWord = instance.answered || health === 'unreachable';
  const isWell = health === 'healthy' || health === 'unknown';
  const cells = [service, process, id, version, duration(now - Date.parse(startedAt))];
  return `<tr>${cells.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}<td class="${isWell ? 'ready' : 'fault'}">${escapeHtml(health)}${isOwnWord ? '' : ' (by its record)'}</td><td>${escapeHtml(figures(load))}</td><td>${escapeHtml(lastWork ?? '')}</td></tr>`;
}

/** In the two largest units: `3 d 4 h`. */
function duration(ms: number): string {
  if (!(ms >= 0)) return '';
  const seconds = Math.floor(ms / 1_000);
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = Math.max(
    0,
    units.findIndex(([value]) => value > 0),
  );
  const shown = seconds === 0 ? units.slice(-1) : units.slice(first, first + 2);
  return shown.map(([value, unit]) => `${value} ${unit}`).join(' ');
}

/** `clicks 12, batches 3`; whatever else is there as JSON. */
function figures(load: unknown): string {
  if (load === null) return '';
  if (typeof load !== 'object') return JSON.stringify(load);
  return Object.entries(load)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
