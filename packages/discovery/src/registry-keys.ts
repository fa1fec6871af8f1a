/** The registry's keys. One hash tag: scripts touch the index and records together. */
export const registryKeys = {
  /** Set of `<service>/<id>`. Lives as long as someone beats; the worker sweeps it. */
  index: 'registry:{instances}:index',
  /** Prefix of the records: one string with a TTL per instance, at `<prefix><service>/<id>`. */
  recordPrefix: 'registry:{instances}:record:',
  /** Pub/sub channel of `service_up` and `service_down`. */
  channel: 'registry:{instances}:events',
} as const;

/** How many instances are read from the index; more than any fleet that one hub should carry. */
export const maxInstances = 1_000;
