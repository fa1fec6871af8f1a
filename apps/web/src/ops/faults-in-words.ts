import { countdown } from './format-figure.ts';
import type { FaultSwitch } from './use-fault-switches.ts';

const words = { hang: 'made to hang', slow: 'made slow', stop: 'stopped' };

/** What is switched on, in words, by the process or server that it acts on. */
export function faultsInWords(switches: readonly FaultSwitch[] = []): Map<string, string> {
  return new Map(
    switches
      .filter(({ isOn }) => isOn)
      .map(({ unit, fault, secondsLeft }) => [
        unit,
        `${words[fault]} · ${countdown(secondsLeft ?? 0)}`,
      ]),
  );
}
