/**
 * Runs `work` and says what is going on once it has taken a second: on a terminal as one line that
 * counts the seconds, elsewhere as a line at the start, every ten seconds and at the end.
 * Work that is done within the second prints nothing.
 *
 * @template T
 * @param {string} label what is being done, as in "Installing dependencies"
 * @param {() => Promise<T>} work
 * @param {NodeJS.WriteStream} [out] standard output unless given
 * @returns {Promise<T>}
 */
export async function withProgress(label, work, out = process.stdout) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  let shown = false;
  const timer = setInterval(() => {
    if (out.isTTY) out.write(`\r${label} … ${seconds()} s\x1b[K`);
    else if (!shown) out.write(`${label} …\n`);
    else if (seconds() % 10 === 0) out.write(`${label} … ${seconds()} s\n`);
    shown = true;
  }, 1000);
  try {
    const result = await work();
    if (shown)
      out.write(
        `${out.isTTY ? '\r' : ''}${label}: done in ${seconds()} s${out.isTTY ? '\x1b[K' : ''}\n`,
      );
    return result;
  } catch (error) {
    if (shown && out.isTTY) out.write('\r\x1b[K');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
