/** Every kind of process that is to be running, by the name that logs and metrics give it. */
export const processNames: readonly string[] = [
  ...['create', 'create-jobs', 'redirect', 'redirect-jobs', 'worker', 'worker-jobs'],
  // `turbo gen service` adds processes above this line.
];
