/** The value of a metric of a process, summed over the series that have all of these labels; 0 for none. */
export async function readMetric(
  internalUrl: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = await (await fetch(`${internalUrl}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return [...text.matchAll(/^(\w+)(\{.*\})? (\S+)/gm)]
    .filter(([, found, all = '']) => found === name && wanted.every((label) => all.includes(label)))
    .reduce((sum, [, , , value]) => sum + Number(value), 0);
}
