import type { Row } from '../row.ts';

export interface Progress {
  begin(row: Row): void;
  /** What the row is doing. */
  say: (what: string) => void;
  end(): void;
}

/** Says on the error output which row is measured and about how long all will take: one line on a terminal, a line a row elsewhere. */
export function createProgress(
  rows: readonly Pick<Row, 'name' | 'seconds'>[],
  out: NodeJS.WriteStream = process.stderr,
): Progress {
  let current: Pick<Row, 'name' | 'seconds'> | undefined;
  let done = 0;
  const estimate = (some: readonly Pick<Row, 'seconds'>[]) =>
    some.reduce((total, { seconds }) => total + seconds, 0);
  const show = (what: string) => {
    if (current === undefined) return;
    const left = Math.ceil(estimate(rows.slice(done)) / 60);
    const line = `${done + 1}/${rows.length} ${current.name}: ${what} (about ${left} min left in all)`;
    out.write(out.isTTY ? `\r${line}\x1b[K` : `${line}\n`);
  };
  return {
    begin(row) {
      if (current !== undefined) done += 1;
      current = row;
      show('begins');
    },
    say(what) {
      if (out.isTTY) show(what);
    },
    end() {
      if (out.isTTY) out.write('\r\x1b[K');
    },
  };
}
