/** The inspector of a Node process. */
export interface Inspector {
  send<Answer>(method: string, params?: object): Promise<Answer>;
  close(): void;
}

const timeoutMs = 30_000;

/**
 * Connects to the inspector of a process that was started with `--inspect=127.0.0.1:<port>`.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/v8/
 */
export async function inspectProcess(port: number): Promise<Inspector> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`, {
    signal: AbortSignal.timeout(timeoutMs),
  });
  const [target] = (await answer.json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('The inspector does not answer.')));
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as {
      id?: number;
      result?: unknown;
      error?: { message: string };
    };
    const call = waiting.get(id ?? -1);
    waiting.delete(id ?? -1);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error.message));
  });
  let last = 0;
  return {
    send<Answer>(method: string, params: object = {}) {
      last += 1;
      const call = Promise.withResolvers<unknown>();
      const id = last;
      waiting.set(id, call);
      setTimeout(() => {
        if (waiting.delete(id)) call.reject(new Error(`${method} was not answered.`));
      }, timeoutMs).unref();
      socket.send(JSON.stringify({ id, method, params }));
      return call.promise as Promise<Answer>;
    },
    close: () => socket.close(),
  };
}
