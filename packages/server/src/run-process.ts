import type { Logger } from '@shortstack/telemetry';
import { createCloseStack } from './close-stack.ts';

/** What `start` uses to say how the process is to end. */
export interface ProcessLife {
  /** Where the process logs from now on. Until this is called, failures are written to standard error. */
  useLogger: (logger: Logger) => void;
  /**
   * Registers how to close something that was just opened. At the end these run one after the other in reverse order:
   * what was opened last, such as listeners and `readiness.drain()`, goes first.
   */
  onClose: (name: string, close: () => unknown) => void;
}

export interface RunProcessOptions {
  /** Opens everything and begins to work. */
  start: (life: ProcessLife) => Promise<void>;
  /** How long closing may take altogether before the process exits with 1. Default 25 s. */
  closeTimeoutMs?: number;
}

const afterCrashTimeoutMs = 5000;

/**
 * Runs a process from start to exit; call it once, from `main.ts`.
 *
 * - SIGTERM or SIGINT: closes what was opened, in reverse, then exits with 0; with 1 if closing fails or takes too long. Further
 *   signals change nothing, since a terminal and a supervisor often send one each.
 * - A start that fails is told in one sentence (a `CONFIG_INVALID` with its list), what was opened is closed, exit 1.
 * - An uncaught exception or unhandled rejection is logged as fatal; whatever can still be closed within 5 s is, exit 1.
 */
export function runProcess({ start, closeTimeoutMs = 25_000 }: RunProcessOptions): void {
  let logger: Logger | undefined;
  let ending = false;
  const closers = createCloseStack((name, err) => logger?.error({ err }, `closing ${name} failed`));

  const end = async (exitCode: number, timeoutMs: number) => {
    if (ending) return;
    ending = true;
    const timer = setTimeout(() => {
      logger?.error(`closing took longer than ${timeoutMs} ms, at: ${closers.current}`);
      process.exit(1);
    }, timeoutMs);
    const closedWell = await closers.closeAll();
    clearTimeout(timer);
    process.exit(closedWell ? exitCode : 1);
  };

  const onSignal = (signal: NodeJS.Signals) => {
    if (!ending) logger?.info(`${signal}: closing`);
    void end(0, closeTimeoutMs);
  };
  const onCrash = (error: unknown) => {
    if (logger) logger.fatal({ err: error }, 'uncaught error');
    else console.error(`Crashed: ${sentence(error)}`);
    void end(1, afterCrashTimeoutMs);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);

  const life: ProcessLife = {
    useLogger: (given) => {
      logger = given;
    },
    onClose: closers.add,
  };
  // `start` may also throw at once, as for settings that are wrong: no less a failure to start.
  Promise.try(() => start(life)).catch((error: unknown) => {
    // An error of something that was closed while it was still opening is no failure to start.
    if (ending) return;
    if (logger) logger.fatal({ err: error }, `could not start: ${sentence(error)}`);
    else console.error(`Could not start: ${sentence(error)}`);
    void end(1, closeTimeoutMs);
  });
}

function sentence(error: unknown): string {
  if (error instanceof Error) return error.message;
  return String(error);
}
