import { type Bench, type House, openHouse, type Plot } from './bench.ts';
import type { BenchOptions } from './bench-options.ts';
import type { Figure } from './figure.ts';
import { findWrk } from './wrk.ts';
import { createProgress } from './report/progress.ts';
import { renderTable } from './report/table.ts';
import type { Row } from './row.ts';
import { sweepStacks } from './subjects/sweep-stacks.ts';

/** Measures the rows that the options name and reports. Resolves to whether each could be measured. */
export async function runRows(all: readonly Row[], options: BenchOptions): Promise<boolean> {
  const rows = all.filter(({ name }) => options.rows.length === 0 || options.rows.includes(name));
  const driver = await findWrk();
  if (driver === undefined) throw new Error('wrk is not installed.');
  await sweepStacks();
  const progress = createProgress(rows);
  const plots: Plot[] = [];
  const texts: { title: string; text: string }[] = [];
  const failures: { row: string; reason: string }[] = [];
  const figures: Figure[] = [];
  let shared: Promise<House> | undefined;
  const bench: Bench = {
    options,
    driver,
    house() {
      shared ??= openHouse();
      return shared;
    },
    openHouse,
    say: progress.say,
    addPlot: (plot) => plots.push(plot),
    addText: (title, text) => texts.push({ title, text }),
  };
  try {
    for (const row of rows) {
      progress.begin(row);
      try {
        figures.push(...(await row.run(bench)));
      } catch (error) {
        failures.push({ row: row.name, reason: explain(error) });
      }
    }
  } finally {
    progress.end();
    await shared?.then(
      ({ stack }) => stack.close(),
      () => {},
    );
  }
  console.log(renderTable(figures));
  for (const { row, reason } of failures) console.error(`${row} could not be measured: ${reason}`);
  return failures.length === 0;
}

function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
