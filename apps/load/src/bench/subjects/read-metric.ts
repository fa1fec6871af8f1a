/** The sum of a metric's series that have these labels, as a process reports it to Prometheus. 0 if there are none. */
export async function readMetric(
  metricsUrl: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const answer = await fetch(metricsUrl, { signal: AbortSignal.timeout(5_000) });
  let total = 0;
  for (const line of (await answer.text()).split('\n')) {
    const [, found, labelText = '', value] = /^([a-z_]+)(\{.*\})? (\S+)/.exec(line) ?? [];
    if (found !== name) continue;
    const fits = Object.entries(labels).every(([key, wanted]) =>
      labelText.includes(`${key}="${wanted}"`),
    );
    if (fits) total += Number(value);
  }
  return total;
}
