/** The message of a log line in JSON whose level is error or fatal; undefined for any other line. */
export function errorIn(line: string): string | undefined {
  // The cheap test first: nearly every line fails it.
  if (!/"level":\s*(5\d|6\d|"error"|"fatal")/i.test(line)) return undefined;
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    const parts = [msg, err?.message].filter(
      (part, index, all) => part && all.indexOf(part) === index,
    );
    return parts.join(': ').slice(0, 300) || undefined;
  } catch {
    return undefined;
  }
}
