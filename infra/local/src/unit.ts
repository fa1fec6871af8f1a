/** How a process ended: by itself with an exit code, or by a signal. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What can be done to a process on purpose: suspend it, suspend it again and again, end it and let it be. */
export type Fault = 'hang' | 'slow' | 'stop';

/** A process that was started. */
export interface RunningUnit {
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Ends it in good order and resolves when it is gone; `hurry` cuts the good order short. */
  stop(hurry?: AbortSignal): Promise<void>;
}

/** One part of the stack that is a process of its own: a service's process or a backing server. */
export interface Unit {
  readonly name: string;
  /** The source file that it runs; absent where the program isn't ours. */
  readonly main?: string;
  /** Those that make sense for it. */
  readonly faults: readonly Fault[];
  /** The TCP ports of 127.0.0.1 that it listens on. */
  readonly ports: readonly number[];
  /** Standard output and error end up here. */
  readonly logFile: string;
  /** Stops what a supervisor that was killed left running. Resolves to whether there was anything. */
  stopLeftover(): Promise<boolean>;
  /** Rejects when it can't be started at all. */
  start(): Promise<RunningUnit>;
  /** Why it does not do its work yet; undefined once it does. Asked again until then. */
  whyNotReady(): Promise<string | undefined>;
}
