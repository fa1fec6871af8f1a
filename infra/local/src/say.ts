import { withProgress } from '../setup/progress.mjs';

/** Prints one line of news, with the time. */
export function say(message: string): void {
  const time = new Date().toTimeString().slice(0, 8);
  print(`${time}  ${message}`);
}

/** Prints text as it is, on a line of its own even while a progress line is shown. */
export function print(text: string): void {
  process.stdout.write(`${process.stdout.isTTY ? '\r\x1b[K' : ''}${text}\n`);
}

export { withProgress };
