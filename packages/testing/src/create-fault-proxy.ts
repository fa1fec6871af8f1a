import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { closeAfterFile } from './close-after-file.ts';
import { delayLine } from './delay-line.ts';

export interface FaultProxy {
  /** Connect here instead of to the target. */
  readonly port: number;
  /** Resets all connections and refuses new ones, like a server that has crashed. */
  cut(): Promise<void>;
  /** Accepts connections but passes nothing on in either direction, like a server that hangs. */
  stall(): void;
  /** Passes on what clients send, and holds back all that the server answers. */
  holdAnswers(): void;
  /** Passes everything on this many milliseconds late in each direction, like a far or busy server. */
  delay(delayMs: number): void;
  /** Ends every fault. What was held back while stalled is passed on now. */
  heal(): Promise<void>;
  /** Resets all connections. Happens by itself when the test file ends. */
  close(): Promise<void>;
}

/** A TCP proxy on a free port of 127.0.0.1 that can make the connection to a server go wrong. */
export async function createFaultProxy({
  targetPort,
}: {
  targetPort: number;
}): Promise<FaultProxy> {
  const requests = { stalled: false, delayMs: 0 };
  const answers = { stalled: false, delayMs: 0 };
  const sockets = new Set<Socket>();
  const lines = new Set<{ release(): void }>();

  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [from, to, pace] of [
      [client, target, requests],
      [target, client, answers],
    ] as const) {
      const line = delayLine(from, to, pace);
      sockets.add(from);
      lines.add(line);
      from.setNoDelay(true);
      from.on('error', () => {});
      from.once('close', () => {
        sockets.delete(from);
        lines.delete(line);
        to.destroySoon();
      });
    }
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const cut = async (): Promise<void> => {
    for (const socket of sockets) socket.resetAndDestroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };

  await listen(0);
  const { port } = server.address() as AddressInfo;
  closeAfterFile(cut);
  return {
    port,
    cut,
    close: cut,
    stall() {
      for (const pace of [requests, answers]) pace.stalled = true;
    },
    holdAnswers() {
      answers.stalled = true;
    },
    delay(delayMs) {
      for (const pace of [requests, answers]) pace.delayMs = delayMs;
    },
    async heal() {
      for (const pace of [requests, answers]) Object.assign(pace, { stalled: false, delayMs: 0 });
      for (const line of lines) line.release();
      if (!server.listening) await listen(port);
    },
  };
}
