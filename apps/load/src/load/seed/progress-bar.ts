import { figure } from '../findings.ts';
import { progressLine } from '../progress-line.ts';

const width = 24;

/** A bar with the rate and the time that is left. `done` says so at the end, with the rate of the whole. */
export function progressBar(name: string, total: number) {
  const line = progressLine();
  const startedAt = performance.now();
  let count = 0;
  const rate = () => count / Math.max(1e-3, (performance.now() - startedAt) / 1_000);
  return {
    add(more: number): void {
      count += more;
      const filled = Math.round((count / total) * width);
      const bar = '█'.repeat(filled) + '░'.repeat(Math.max(0, width - filled));
      const left = Math.ceil((total - count) / Math.max(1, rate()));
      line.show(
        `${name} ${bar} ${figure(count)} of ${figure(total)}, ${figure(rate())}/s, ${figure(left)} s left`,
      );
    },
    done(): void {
      line.end();
      const seconds = (performance.now() - startedAt) / 1_000;
      console.log(
        `${name}: ${figure(count)} in ${seconds.toFixed(1)} s, ${figure(rate())} per second`,
      );
    },
  };
}
