import type { Bench } from './bench.ts';
import type { Figure } from './figure.ts';

/** One thing that is measured, and can be measured alone. */
export interface Row {
  /** As on the command line. */
  name: string;
  /** What it answers, in one line. */
  title: string;
  /** About how long it takes, for the remaining time. */
  seconds: number;
  run(bench: Bench): Promise<Figure[]>;
}
