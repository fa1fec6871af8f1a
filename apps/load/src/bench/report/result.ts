import type { Plot } from '../../report/render-plot.ts';
import { renderReport, type Table } from '../../report/render-report.ts';
import { textTable } from '../../report/text-table.ts';
import { type Figure, verdictOf } from '../figure.ts';
import { type Machine, machineText } from './describe-machine.ts';
import { figureTable, remarksOn } from './figure-cells.ts';

/** All that a run has found. */
export interface Result {
  /** ISO 8601. */
  finishedAt: string;
  machine: Machine;
  rounds: number;
  /** Of load each way in a round. */
  seconds: number;
  /** A smoke run. */
  isQuick: boolean;
  /** All of it. */
  minutes: number;
  /** Each row. */
  rowSeconds: Readonly<Record<string, number>>;
  figures: readonly Figure[];
  /** Rows that could not be measured at all. */
  failures: readonly { row: string; reason: string }[];
  tables: readonly Table[];
  plots: readonly Plot[];
}

const title = 'Shortstack: benchmarks';
const smoke = 'A smoke run: these figures are no result.';

export function resultAsText(result: Result): string {
  const { machine, figures, failures, tables, isQuick } = result;
  return [
    machineText(machine),
    methodOf(result),
    ...(isQuick ? [smoke] : []),
    '',
    textTable(figureTable(figures)),
    '',
    ...remarksOn(figures),
    ...tables.flatMap((table) => ['', textTable(table)]),
    ...failures.map(({ row, reason }) => `\n${row} COULD NOT BE MEASURED: ${reason}`),
  ].join('\n');
}

export function resultAsJson(result: Result): string {
  const figures = result.figures.map((figure) => ({ ...figure, verdict: verdictOf(figure) }));
  return `${JSON.stringify({ ...result, figures }, null, 2)}\n`;
}

export function resultAsHtml(result: Result): string {
  const { finishedAt, machine, figures, failures, tables, plots, isQuick } = result;
  const remarks = remarksOn(figures);
  return renderReport({
    title,
    subtitle: `${finishedAt.slice(0, 16).replace('T', ' ')} UTC. ${machineText(machine)}. ${methodOf(result)}`,
    findings: [
      ...(isQuick ? [{ text: smoke, bad: true }] : []),
      { text: verdictsOf(figures), bad: figures.some((each) => verdictOf(each) === 'missed') },
      ...failures.map(({ row, reason }) => ({
        text: `${row} could not be measured: ${reason}`,
        bad: true,
      })),
    ],
    tables: [
      figureTable(figures),
      { title: 'Remarks', columns: [''], rows: remarks.map((remark) => [remark]) },
      ...tables,
    ],
    plots,
  });
}

export function resultAsMarkdown(result: Result): string {
  const { finishedAt, machine, figures, failures, tables, isQuick } = result;
  return `# Benchmarks, ${finishedAt.slice(0, 10)}

${machineText(machine)}.
${methodOf(result)} ${verdictsOf(figures)}
${isQuick ? `\n**${smoke}**\n` : ''}
${markdownTable(figureTable(figures))}
${remarksOn(figures)
  .map((remark) => `- ${remark}\n`)
  .join(
    '',
  )}${failures.map(({ row, reason }) => `- **${row} could not be measured**: ${reason}\n`).join('')}
${tables.map((table) => `## ${table.title ?? ''}\n\n${markdownTable(table)}`).join('\n')}`;
}

function methodOf({ rounds, seconds, minutes }: Result): string {
  return `${rounds} rounds of ${seconds} s each way, sides in turn; medians, ratios taken within a round; ${minutes.toFixed(1)} min in all.`;
}

function verdictsOf(figures: readonly Figure[]): string {
  const count = (verdict: string) => figures.filter((each) => verdictOf(each) === verdict).length;
  const other = count('not measurable here');
  return `Targets: ${count('met')} met, ${count('missed')} missed${other === 0 ? '' : `, ${other} not measurable here`}.`;
}

function markdownTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(columns), line(columns.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')}\n`;
}
