import { performance } from 'node:perf_hooks';
import type { DependencyProbe, DependencyReport } from './dependency.ts';
import { probeDependency } from './probe-dependency.ts';

export interface ReadinessReport {
  status: 'ready' | 'not_ready' | 'draining';
  dependencies: DependencyReport[];
}

export interface Readiness {
  /** Asks every dependency, or returns the answers of the last second. Never rejects. */
  check(): Promise<ReadinessReport>;
  /**
   * What the last check found, without waiting for dependencies that hang: asks again in the background when it is more than a
   * second old. The first time as `check`. Never rejects.
   */
  latest(): Promise<ReadinessReport>;
  /** From now on the process is not ready: nobody should send it new work. Final. */
  drain: () => void;
}

export interface ReadinessOptions {
  probes: readonly DependencyProbe[];
  /** Default `performance.now`. */
  now?: () => number;
}

const cacheMs = 1000;

/**
 * Knows whether this process should get traffic: it should unless a required dependency is down or it is draining.
 *
 * All probes run at once, at most once per second however often they are asked for, and a probe that hangs is not
 * started again before it ends.
 */
export function createReadiness({
  probes,
  now = () => performance.now(),
}: ReadinessOptions): Readiness {
  const dependencies = probes.map(probeDependency);
  let draining = false;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let answered: DependencyReport[] | undefined;
  let answering: Promise<DependencyReport[]> = Promise.resolve([]);

  function ask(): Promise<DependencyReport[]> {
    if (now() - checkedAt < cacheMs) return answering;
    checkedAt = now();
    answering = Promise.all(dependencies.map((each) => each())).then((reports) => {
      answered = reports;
      return reports;
    });
    return answering;
  }

  function judge(dependencies: DependencyReport[]): ReadinessReport {
    const isDown = dependencies.some(({ required, state }) => required && state === 'down');
    return { status: draining ? 'draining' : isDown ? 'not_ready' : 'ready', dependencies };
  }

  return {
    check: async () => judge(await ask()),
    async latest() {
      const asking = ask();
      return judge(answered ?? (await asking));
    },
    drain() {
      draining = true;
    },
  };
}
