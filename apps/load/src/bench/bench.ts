import type { Plot } from '../report/render-plot.ts';
import type { Table } from '../report/render-report.ts';
import type { BenchOptions } from './bench-options.ts';
import { type ClickCount, createClickCount } from './click-count.ts';
import type { Driver } from './load.ts';
import { createSeededLinks, type SeededLinks } from './seed/seeded-links.ts';
import { openStack } from './subjects/open-stack.ts';
import { type Session, signIn } from './subjects/sign-in.ts';
import type { Stack } from './subjects/stack.ts';

/** A stack with what rows ask of it. */
export interface House {
  readonly stack: Stack;
  readonly clicks: ClickCount;
  readonly links: SeededLinks;
  /** Signed in as the demo account, who is an administrator. */
  readonly session: Session;
}

/** What a row works with. */
export interface Bench {
  readonly options: BenchOptions;
  readonly driver: Driver;
  /** The house that rows share, opened when it is first asked for. */
  house(): Promise<House>;
  /** Another one, which the row closes. */
  openHouse(): Promise<House>;
  /** Tells what is going on. */
  say: (what: string) => void;
  /** For the report. */
  addPlot(plot: Plot): void;
  addTable(table: Table): void;
}

/** Opens a stack; `house.stack.close()` closes it. */
export async function openHouse(): Promise<House> {
  const stack = await openStack();
  try {
    const session = await signIn(stack);
    return { stack, session, clicks: createClickCount(stack), links: createSeededLinks(stack) };
  } catch (error) {
    await stack.close();
    throw error;
  }
}
