import { onTestFinished } from 'vitest';

/** What a start file asks of `runProcess`, for a process inside a test: what it opened is closed, in reverse, with the test. */
export interface TestLife {
  useLogger: () => void;
  onClose: (name: string, close: () => unknown) => void;
  /** Ends the process before the test does. Safe to call twice. */
  close: () => Promise<void>;
}

export function createTestLife(): TestLife {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  onTestFinished(close);
  return { useLogger: () => {}, onClose: (_name, closer) => void closers.push(closer), close };
}
