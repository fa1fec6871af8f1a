export interface CloseStack {
  add: (name: string, close: () => unknown) => void;
  /** What is being closed now. */
  readonly current: string;
  /** Closes everything, the last added first, each after the one before. True if nothing failed. */
  closeAll: () => Promise<boolean>;
}

/** Remembers what was opened, to close it in reverse. One that fails to close is reported and does not keep the others open. */
export function createCloseStack(onFailure: (name: string, error: unknown) => void): CloseStack {
  const entries: { name: string; close: () => unknown }[] = [];
  let current = 'nothing';

  return {
    add: (name, close) => {
      entries.push({ name, close });
    },
    get current() {
      return current;
    },
    async closeAll() {
      let closedWell = true;
      for (let entry = entries.pop(); entry; entry = entries.pop()) {
        current = entry.name;
        try {
          await entry.close();
        } catch (error) {
          closedWell = false;
          onFailure(entry.name, error);
        }
      }
      return closedWell;
    },
  };
}
