/** Looks on at the clicks of a link: each event of `GET …/live` as it comes. */
export async function watchLive(url: string, headers: Readonly<Record<string, string>>) {
  const stop = new AbortController();
  const answer = await fetch(url, { headers, signal: stop.signal });
  const { body } = answer;
  if (answer.status !== 200 || body === null) {
    throw new Error(`Looking on was answered with ${answer.status}: ${await answer.text()}`);
  }
  let text = '';
  const ended = (async () => {
    for await (const part of body.pipeThrough(new TextDecoderStream())) text += part;
  })().catch(() => {});
  return {
    /** The data of all `clicks` events so far. */
    clicks: (): { country: string | null; isBot: boolean }[] =>
      [...text.matchAll(/^event: clicks\ndata: (.*)\n\n/gm)].flatMap(
        ([, data]) => JSON.parse(data ?? '{}').clicks,
      ),
    /** Resolves when it was ended from the other side. */
    ended,
    async close() {
      stop.abort();
      await ended;
    },
  };
}
