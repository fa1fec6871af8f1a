const durable = { maxmemoryPolicy: 'noeviction', appendonly: true };

/** How the server of each role has to be set up, as `infra/redis` does; services warn of one that isn't. */
export const redisPolicies = {
  session: durable,
  hub: durable,
  cache: { maxmemoryPolicy: 'allkeys-lfu', appendonly: false, limited: true },
  jobs: durable,
} as const;
