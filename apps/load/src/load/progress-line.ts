/** One line about what is going on: overwritten on a terminal, else written every few seconds. */
export interface ProgressLine {
  show(text: string): void;
  /** Leaves the line as it is and begins a new one. */
  end(): void;
}

const quietMs = 5_000;

/** Writes to stderr, so that stdout is the report alone. */
export function progressLine(out: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownAt = 0;
  let isOpen = false;
  return {
    show(text) {
      if (out.isTTY) {
        out.write(`\r\x1b[K${text.slice(0, Math.max(20, out.columns - 1))}`);
        isOpen = true;
      } else if (performance.now() - shownAt >= quietMs) {
        shownAt = performance.now();
        out.write(`${text}\n`);
      }
    },
    end() {
      if (isOpen) out.write('\n');
      isOpen = false;
      shownAt = 0;
    },
  };
}
