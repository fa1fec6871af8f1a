import type { OpenSpan, SpanOptions } from './span-options.ts';
import { traceClients } from './trace-clients.ts';

/** Coming and going changes the channels' prototypes, which costs more than to listen. */
const lingerMs = 1_000;

/** Listens to the clients while spans are open, and a second longer: whoever listens makes each command dearer. */
export function listenToClients(start: (span: SpanOptions) => OpenSpan | undefined) {
  let open = 0;
  let stop: (() => void) | undefined;
  let lingering: NodeJS.Timeout | undefined;

  function close() {
    clearTimeout(lingering);
    lingering = undefined;
    stop?.();
    stop = undefined;
  }

  function look() {
    lingering = undefined;
    if (open === 0) close();
  }

  return {
    begin() {
      open += 1;
      stop ??= traceClients(start);
    },
    end() {
      open -= 1;
      if (open === 0) lingering ??= setTimeout(look, lingerMs).unref();
    },
    close,
  };
}
