import type { Figure, Target } from '../figure.ts';
import type { Rounds } from './measure-rounds.ts';
import { median } from './median.ts';

/** A figure in requests per CPU-second with its ratio to a baseline. */
export function ratioFigure<Name extends string>(
  rounds: Rounds<Name>,
  {
    name,
    subject,
    baseline,
    target,
  }: {
    name: string;
    subject: [side: Name, counted: string];
    baseline: [side: Name, counted: string];
    target?: Target;
  },
): Figure {
  const ratios = rounds.ratios(subject, baseline);
  return {
    name,
    unit: 'requests per CPU-second',
    value: rounds.perCpuSecond(...subject),
    baseline: rounds.perCpuSecond(...baseline),
    ratio: median(ratios),
    ratios,
    ...(target && { target }),
  };
}
