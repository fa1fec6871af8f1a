import type { BenchOptions } from './bench-options.ts';
import { type ClickCount, createClickCount } from './click-count.ts';
import type { Driver } from './load.ts';
import { createSeededLinks, type SeededLinks } from './seed/seeded-links.ts';
import { openStack } from './subjects/open-stack.ts';
import { type Session, signIn } from './subjects/sign-in.ts';
import type { Stack } from './subjects/stack.ts';

/** A drawing for the report. */
export interface Plot {
  title: string;
  xLabel: string;
  yLabel: string;
  isLogarithmic?: { x?: boolean; y?: boolean };
  /** Names of the points 0, 1, 2 … on the x axis, instead of numbers. */
  xTicks?: readonly string[];
  series: readonly { name: string; points: readonly (readonly [x: number, y: number])[] }[];
}

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
  say(what: string): void;
  addPlot(plot: Plot): void;
  /** A paragraph for the report. */
  addText(title: string, text: string): void;
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
