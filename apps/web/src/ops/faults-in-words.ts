import { countdown } from './format-figure.ts';
import type { FaultSwitch } from './use-fault-switches.ts';

/** What a switch is called, off and on. */
export const faultLabels = {
  hang: { idle: 'Hang', active: 'Hangs' },
  slow: { idle: 'Slow down', active: 'Slow' },
  stop: { idle: 'Stop', active: 'Stopped' },
} as const;

/** `Hangs 4:05` */
export function activeInWords({ fault, secondsLeft }: FaultSwitch): string {
  return `${faultLabels[fault].active} ${countdown(secondsLeft ?? 0)}`;
}
