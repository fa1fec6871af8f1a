import type { RedisClient, RedisConnection } from '@shortstack/redis';

type Cluster = Extract<RedisClient, { nodes: unknown }>;
type Redis = Exclude<RedisClient, Cluster>;

/**
 * Notices that the connection leads to another server than before: one restarted from an older copy of its data, or a
 * replica that took over. Costs one `INFO server` after each connection. Of a Cluster each lost connection to a node counts as a
 * change, which costs no command and some loads.
 */
export function watchServerIdentity({ client }: RedisConnection, onChange: () => void) {
  return 'nodes' in client ? watchNodes(client, onChange) : watchServer(client, onChange);
}

function watchServer(client: Redis, onChange: () => void) {
  let runId: string | undefined;
  let checked: Promise<void> | undefined;
  const forget = () => {
    checked = undefined;
  };
  client.on('close', forget);

  async function compare(): Promise<void> {
    const previous = runId;
    // A user without the right to INFO gets an error: then every reconnection counts as a change.
    const info = await client.info('server').catch(() => '');
    runId = /^run_id:(\w+)/m.exec(info)?.[1] ?? 'unknown';
    if (previous !== undefined && (previous !== runId || runId === 'unknown')) onChange();
  }

  return {
    /** Resolves once it is clear whether the server is the same, `onChange` having been called if not. */
    check(): Promise<void> {
      checked ??= compare();
      return checked;
    },
    close(): void {
      client.off('close', forget);
    },
  };
}

function watchNodes(cluster: Cluster, onChange: () => void) {
  const watched = new Set<Redis>();
  const watch = (node: Redis) => {
    watched.add(node);
    node.on('close', onChange);
  };
  const unwatch = (node: Redis) => {
    watched.delete(node);
    node.off('close', onChange);
  };
  const dropped = (node: Redis) => {
    unwatch(node);
    onChange();
  };
  for (const node of cluster.nodes()) watch(node);
  cluster.on('+node', watch);
  cluster.on('-node', dropped);

  return {
    check: () => Promise.resolve(),
    close(): void {
      cluster.off('+node', watch);
      cluster.off('-node', dropped);
      for (const node of watched) unwatch(node);
    },
  };
}
