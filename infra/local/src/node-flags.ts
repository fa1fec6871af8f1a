/** How Node is started for each process of a service, here and in `infra/docker/Dockerfile` (a test compares them). */
export const nodeFlags = [
  // V8 lets the space for new objects grow to 64 MiB while a process starts, and keeps it. With this bound the six processes take
  // half the memory in all (1,006 MiB became 522). CPU time per redirect from memory differed by less than its own noise.
  '--max-semi-space-size=2',
];
