import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { onFreePort } from '../free-port.ts';
import type { RedisServer } from '../running-server.ts';
import { startRedis } from '../start-redis.ts';
import type { Topology } from './topology.ts';

const password = 'test-cluster';
const slots = 16_384;
const masters = 3;
const FORM_TIMEOUT_MS = 20_000;

/** Starts a Cluster of three masters without replicas, which share the slots (1 s). Killing one takes its slots away. */
export async function startCluster(): Promise<Topology & { nodes: readonly RedisServer[] }> {
  const started = await Promise.allSettled(Array.from({ length: masters }, startNode));
  const nodes = started.flatMap((node) => (node.status === 'fulfilled' ? node.value : []));
  const stop = async () => {
    await Promise.all(nodes.map(({ server }) => server.stop()));
  };
  try {
    const failed = started.find((node) => node.status === 'rejected');
    if (failed) throw failed.reason;
    await form(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  const servers = nodes.map(({ server }) => server);
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return { connection: { url: `redis+cluster://:${password}@${hosts}` }, nodes: servers, stop };
}

interface Node {
  server: RedisServer;
  busPort: number;
}

function startNode(): Promise<Node> {
  return onFreePort(async (busPort) => {
    const server = await startRedis({
      ephemeral: true,
      password,
      settings: {
        'cluster-enabled': 'yes',
        // The default, port + 10000, may lie above the last port.
        'cluster-port': busPort,
        'cluster-node-timeout': 2_000,
      },
    });
    return { server, busPort };
  });
}

/** @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
async function form(nodes: readonly Node[]): Promise<void> {
  const clients = nodes.map(({ server }) => new Redis(server.url));
  try {
    await Promise.all(
      clients.map(async (client, index) => {
        client.on('error', () => {});
        await client.cluster('SET-CONFIG-EPOCH', index + 1);
        const from = Math.floor((index * slots) / masters);
        await client.cluster(
          'ADDSLOTSRANGE',
          from,
          Math.floor(((index + 1) * slots) / masters) - 1,
        );
      }),
    );
    // Each is told of all others: gossip alone would take seconds.
    await Promise.all(
      clients.flatMap((client) =>
        nodes.map(({ server, busPort }) =>
          client.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort),
        ),
      ),
    );
    await Promise.all(clients.map(isFormed));
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function isFormed(client: Redis): Promise<void> {
  const deadline = Date.now() + FORM_TIMEOUT_MS;
  for (;;) {
    const info = await client.cluster('INFO');
    const complete = info.includes(`cluster_known_nodes:${masters}\r`);
    if (complete && info.includes('cluster_state:ok')) return;
    if (Date.now() > deadline) throw new Error(`The Cluster did not form:\n${info}`);
    await pause(20);
  }
}
