/** A bound to beat: on the ratio to the baseline where there is one, else on the value. */
export interface Target {
  of: 'ratio' | 'value';
  bound: 'at least' | 'at most';
  limit: number;
  /** Instead of the bound, where it is not a plain number. */
  shown?: string;
}

/** One line of the result. */
export interface Figure {
  /** What was measured, and of which processes. */
  name: string;
  unit: string;
  value?: number;
  /** The same of the baseline, in the same run. */
  baseline?: number;
  /** The median of the ratios of the rounds. */
  ratio?: number;
  /** The ratio of each round. */
  ratios?: readonly number[];
  target?: Target;
  /** Why it can't be had on this machine. */
  notMeasurable?: string;
  note?: string;
}

export type Verdict = 'met' | 'missed' | 'not measurable here' | '';

/** Whether the target is met; empty for a figure without one. */
export function verdictOf({ target, value, ratio, notMeasurable }: Figure): Verdict {
  if (notMeasurable !== undefined) return 'not measurable here';
  if (target === undefined) return '';
  const figure = (target.of === 'ratio' ? ratio : value) ?? Number.NaN;
  const isMet = target.bound === 'at least' ? figure >= target.limit : figure <= target.limit;
  return isMet ? 'met' : 'missed';
}
