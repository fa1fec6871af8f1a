import type { RedisClient, RedisConnection } from '@shortstack/redis';

/**
 * Notices that the connection leads to another server than before: one restarted from an older copy of its data, or a
 * replica that took over. Costs one `INFO server` after each connection.
 */
export function watchServerIdentity({ client }: RedisConnection, onChange: () => void) {
  let runId: string | undefined;
  let checked: Promise<void> | undefined;
  const forget = () => {
    checked = undefined;
  };
  client.on('close', forget);

  async function compare(current: RedisClient): Promise<void> {
    const previous = runId;
    // A user without the right to INFO gets an error: then every reconnection counts as a change.
    const info = await current.info('server').catch(() => '');
    runId = /^run_id:(\w+)/m.exec(info)?.[1] ?? 'unknown';
    if (previous !== undefined && (previous !== runId || runId === 'unknown')) onChange();
  }

  return {
    /** Resolves once it is clear whether the server is the same, `onChange` having been called if not. */
    check(current: RedisClient): Promise<void> {
      checked ??= compare(current);
      return checked;
    },
    close(): void {
      client.off('close', forget);
    },
  };
}
