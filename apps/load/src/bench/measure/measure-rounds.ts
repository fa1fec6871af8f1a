import { median } from './median.ts';

/** One of the servers that are compared. */
export interface Side {
  /** What has to be done before, and is not measured. */
  prepare?(): Promise<void>;
  /** Sends load; resolves with the number of complete answers. */
  drive(): Promise<number>;
  /** CPU seconds used so far, by the name of what is counted, read right before and right after the load. */
  cpu: Readonly<Record<string, () => number>>;
  /** Waits until what the load set going is done. */
  settle?(): Promise<void>;
  /** Like `cpu`, read after `settle` alone: for work that goes on behind the answers. */
  settledCpu?: Readonly<Record<string, () => number>>;
}

/** What one side did in one round. */
interface RoundOfSide {
  answers: number;
  perSecond: number;
  /** By the names in `cpu` and `settledCpu`. */
  perCpuSecond: Readonly<Record<string, number>>;
}

export interface Rounds<Name extends string> {
  readonly rounds: readonly Readonly<Record<Name, RoundOfSide>>[];
  /** The median of the rounds. */
  perSecond(side: Name): number;
  perCpuSecond(side: Name, counted: string): number;
  /** The ratio of each round, pair by pair. */
  ratios(subject: [side: Name, counted: string], baseline: [side: Name, counted: string]): number[];
}

/**
 * Drives the sides in turn (A B A B …), so that what slows the machine meets each. Figures are medians over the rounds;
 * ratios are taken within a round.
 */
export async function measureRounds<Name extends string>(
  count: number,
  sides: Readonly<Record<Name, Side>>,
  onRound: (number: number) => void = () => {},
): Promise<Rounds<Name>> {
  const rounds: Record<Name, RoundOfSide>[] = [];
  for (let number = 1; number <= count; number += 1) {
    const round = {} as Record<Name, RoundOfSide>;
    for (const [name, side] of Object.entries<Side>(sides)) {
      round[name as Name] = await measureSide(side);
    }
    rounds.push(round);
    onRound(number);
  }
  const of = (name: Name, counted: string) =>
    rounds.map((round) => round[name].perCpuSecond[counted] ?? Number.NaN);
  return {
    rounds,
    perSecond: (side) => median(rounds.map((round) => round[side].perSecond)),
    perCpuSecond: (side, counted) => median(of(side, counted)),
    ratios(subject, baseline) {
      const below = of(...baseline);
      return of(...subject).map((figure, index) => figure / (below[index] ?? Number.NaN));
    },
  };
}

async function measureSide(side: Side): Promise<RoundOfSide> {
  await side.prepare?.();
  const settledCpu = side.settledCpu ?? {};
  const settledBefore = readAll(settledCpu);
  const before = readAll(side.cpu);
  const startedAt = performance.now();
  const answers = await side.drive();
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = readAll(side.cpu);
  await side.settle?.();
  const settledAfter = readAll(settledCpu);
  return {
    answers,
    perSecond: answers / seconds,
    perCpuSecond: {
      ...perCpu(answers, before, after),
      ...perCpu(answers, settledBefore, settledAfter),
    },
  };
}

function readAll(gauges: Readonly<Record<string, () => number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(gauges).map(([name, read]) => [name, read()]));
}

function perCpu(answers: number, before: Record<string, number>, after: Record<string, number>) {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [
      name,
      answers / (seconds - (before[name] ?? 0)),
    ]),
  );
}
