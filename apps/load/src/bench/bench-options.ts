import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of rows; empty: all. */
  rows: readonly string[];
  /** Shows the rows and ends. */
  list: boolean;
  /** A smoke run: fewer and shorter rounds and less data. Its figures are no result. */
  quick: boolean;
  /** Also what takes long: growth to 10 M links. */
  full: boolean;
  /** Profiles the redirect process during `hot-redirect`. */
  profile: boolean;
  /** Writes a dated result to `docs/benchmarks`. */
  save: boolean;
  /** Where the result goes otherwise: a directory, made if absent. */
  out: string;
  rounds: number;
  /** Of load each way in a round. */
  seconds: number;
}

const usage = `npm run bench -- [row …] [options]

  --list         the rows
  --quick        a smoke run, whose figures are no result
  --full         growth to 10 M links, too (some minutes more)
  --profile      what the CPU time and the allocations of the redirect process are made of
  --save         keep the result in docs/benchmarks
  --out DIR      where it goes otherwise (bench-results)
  --rounds N     rounds of each comparison (5)
  --seconds N    of load each way in a round (3)
`;

/** Reads the command line. Throws what is wrong with it. */
export function parseBenchOptions(args: readonly string[], names: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      out: { type: 'string', default: 'bench-results' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}.\n\n${usage}`);
  const { list, quick, full, profile, save, out } = values;
  return {
    rows: positionals,
    ...{ list, quick, full, profile, save, out },
    rounds: atLeastOne(values.rounds ?? (quick ? '1' : '5')),
    seconds: atLeastOne(values.seconds ?? (quick ? '1' : '3')),
  };
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`${text} must be a whole number from 1 on.`);
}
