import type { Bench } from '../bench.ts';
import { measureRounds, type Rounds, type Side } from '../measure/measure-rounds.ts';

/** Warms the sides up with a round that does not count, then measures as many rounds as the options say. */
export async function measureBeside<Name extends string>(
  { options, say }: Bench,
  sides: Readonly<Record<Name, Side>>,
): Promise<Rounds<Name>> {
  say('warming up');
  await measureRounds(1, sides);
  return measureRounds(options.rounds, sides, (number) =>
    say(`round ${number} of ${options.rounds}`),
  );
}

/** For figures without a target, or with many sides: three rounds at most of two seconds. */
export function briefly(bench: Bench): Bench {
  const { rounds, seconds } = bench.options;
  const options = {
    ...bench.options,
    rounds: Math.min(3, rounds),
    seconds: Math.min(2, seconds),
  };
  return { ...bench, options };
}
