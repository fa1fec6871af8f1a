/** How Node is started for each process of a service, here and in `infra/docker/Dockerfile` (a test compares them). */
export const nodeFlags = [
  // V8 lets the space for new objects grow to 64 MiB while a process starts, and keeps it. With this bound the six processes take
  // half the memory in all, and redirects cost no more CPU time: what a request leaves behind is dead long before 2 MiB are full.
  '--max-semi-space-size=2',
];
