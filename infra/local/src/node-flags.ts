/** How Node is started for each process of a service, here and in `infra/docker/Dockerfile` (a test compares them). */
export const nodeFlags = [
  // V8 lets the space for new objects grow while a process starts, and keeps it. Less than this saves memory (the idle stack took 633 MiB with
  // 2 MiB, 808 with 16) and costs CPU time: with 2 MiB garbage collection took 9 % of a redirect's, and counting took nearly twice as much.
  '--max-semi-space-size=16',
];
