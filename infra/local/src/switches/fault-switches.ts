import { setTimeout as pause } from 'node:timers/promises';
import type { KeptUnit } from '../keep-running.ts';
import { signalProcess } from '../process-record.ts';
import { say } from '../say.ts';
import type { Fault } from '../unit.ts';
import { slowDown } from './slow-down.ts';

/** One thing that can be done to a server or process on purpose, and whether it is. */
export interface FaultSwitch {
  /** `hang-redis-session` */
  name: string;
  unit: string;
  fault: Fault;
  isOn: boolean;
  /** Until it undoes itself; null when it is off. */
  secondsLeft: number | null;
}

export interface FaultSwitches {
  list(): FaultSwitch[];
  /** Resolves when it is done; another fault of the same unit ends first. False where there is no such switch, or nothing to act on. */
  set(name: string, isOn: boolean): Promise<boolean>;
  /** Ends hanging and slowness; what is stopped stays so. */
  close(): Promise<void>;
}

interface Active {
  fault: Fault;
  endsAt: number;
  undo: () => Promise<void> | void;
  timer: NodeJS.Timeout;
}

const words: Record<Fault, string> = { hang: 'hangs', slow: 'is slow', stop: 'is stopped' };

/** The switches of all units. A unit has one fault at a time, which undoes itself after `maxMs` (default five minutes). */
export function createFaultSwitches(
  kept: readonly KeptUnit[],
  { maxMs = 300_000 }: { maxMs?: number | undefined } = {},
): FaultSwitches {
  const all = kept.flatMap((one) =>
    one.unit.faults.map((fault) => ({ name: `${fault}-${one.unit.name}`, fault, one })),
  );
  const active = new Map<KeptUnit, Active>();
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };

  async function begin(one: KeptUnit, fault: Fault): Promise<boolean> {
    const undo = await inflict(one, fault);
    if (undo === undefined) return false;
    const timer = setTimeout(() => void inTurn(() => end(one)), maxMs);
    active.set(one, { fault, endsAt: Date.now() + maxMs, undo, timer });
    say(`${one.unit.name} ${words[fault]}: switched on, for ${maxMs / 1_000} s at most`);
    return true;
  }

  async function end(one: KeptUnit): Promise<void> {
    const ending = active.get(one);
    if (ending === undefined) return;
    active.delete(one);
    clearTimeout(ending.timer);
    await ending.undo();
    say(`${one.unit.name} ${words[ending.fault]}: switched off`);
  }

  return {
    list: () =>
      all.map(({ name, fault, one }) => {
        const ending = active.get(one);
        const isOn = ending?.fault === fault;
        const secondsLeft = isOn ? Math.ceil((ending.endsAt - Date.now()) / 1_000) : null;
        return { name, unit: one.unit.name, fault, isOn, secondsLeft };
      }),
    set: (name, isOn) =>
      inTurn(async () => {
        const found = all.find((each) => each.name === name);
        if (found === undefined) return false;
        const { one, fault } = found;
        if ((active.get(one)?.fault === fault) === isOn) return true;
        if (isOn || active.get(one)?.fault === fault) await end(one);
        return isOn ? begin(one, fault) : true;
      }),
    close: () =>
      inTurn(async () => {
        for (const [one, { fault, timer }] of active) {
          clearTimeout(timer);
          if (fault !== 'stop') await end(one);
        }
      }),
  };
}

/** Resolves with how to undo it; with nothing where no process runs. */
async function inflict(one: KeptUnit, fault: Fault): Promise<Active['undo'] | undefined> {
  if (fault === 'stop') {
    await one.hold();
    return () => one.release();
  }
  // One that was stopped until now is just being started.
  for (let left = 60; one.pid() === undefined && left > 0; left -= 1) await pause(50);
  const pid = one.pid();
  if (pid === undefined) return undefined;
  if (fault === 'slow') return slowDown(pid);
  signalProcess(pid, 'SIGSTOP');
  return () => signalProcess(pid, 'SIGCONT');
}
