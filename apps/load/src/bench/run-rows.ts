import type { Plot } from '../report/render-plot.ts';
import type { Table } from '../report/render-report.ts';
import { type Bench, type House, openHouse } from './bench.ts';
import type { BenchOptions } from './bench-options.ts';
import { bundledDriver } from './bundled-driver.ts';
import type { Figure } from './figure.ts';
import { describeMachine } from './report/describe-machine.ts';
import { createProgress } from './report/progress.ts';
import type { Result } from './report/result.ts';
import type { Row } from './row.ts';
import { sweepStacks } from './subjects/sweep-stacks.ts';
import { findWrk } from './wrk.ts';

/** Measures the rows one after the other. One that can't be measured stops none of the others. */
export async function runRows(rows: readonly Row[], options: BenchOptions): Promise<Result> {
  const driver = (await findWrk()) ?? bundledDriver;
  await sweepStacks();
  const progress = createProgress(rows);
  const found = {
    figures: [] as Figure[],
    tables: [] as Table[],
    plots: [] as Plot[],
    failures: [] as { row: string; reason: string }[],
    rowSeconds: {} as Record<string, number>,
  };
  const begunAt = performance.now();
  const houses = new Set<Promise<House>>();
  const open = () => {
    const house = openHouse();
    houses.add(house);
    return house;
  };
  const closeAll = async () => {
    for (const house of houses) await (await house.catch(() => undefined))?.stack.close();
  };
  const onInterrupt = () => {
    void closeAll().finally(() => process.exit(130));
  };
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  let shared: Promise<House> | undefined;
  const bench: Bench = {
    options,
    driver,
    house() {
      shared ??= open();
      return shared;
    },
    openHouse: open,
    say: progress.say,
    addPlot: (plot) => found.plots.push(plot),
    addTable: (table) => found.tables.push(table),
  };
  try {
    for (const row of rows) {
      progress.begin(row);
      const rowBegunAt = performance.now();
      try {
        found.figures.push(...(await row.run(bench)));
      } catch (error) {
        found.failures.push({ row: row.name, reason: explain(error) });
      }
      found.rowSeconds[row.name] = Math.round((performance.now() - rowBegunAt) / 1_000);
    }
  } finally {
    progress.end();
    await closeAll();
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
  return {
    finishedAt: new Date().toISOString(),
    machine: await describeMachine(driver.name),
    rounds: options.rounds,
    seconds: options.seconds,
    isQuick: options.quick,
    minutes: (performance.now() - begunAt) / 60_000,
    ...found,
  };
}

function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
