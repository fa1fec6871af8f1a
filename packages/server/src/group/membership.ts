import cluster from 'node:cluster';

/** What a process tells its parent once it does its work. */
export interface MemberStarted {
  /** Where its internal listener is reached from this host. */
  internalUrl: string;
}

/** Whether this process was forked by `startProcessGroup` of its parent. */
export const isGroupMember = (): boolean => cluster.isWorker;

/** Tells the parent, if this process has one, that it is ready. */
export function announceStart(started: MemberStarted): void {
  if (cluster.isWorker) process.send?.(started);
}

/**
 * What a listener adds to its `listen` options so that the processes of a group can share its port; nothing in a process alone.
 *
 * On Linux each process has a listening socket of its own and the kernel spreads connections over them, at no cost. Elsewhere
 * the parent accepts them and hands them out in turn (`node:cluster`), which doubles the CPU of a connection but not of
 * the requests on it.
 * @see https://man7.org/linux/man-pages/man7/socket.7.html SO_REUSEPORT
 */
export function sharedPort(): { reusePort?: true } {
  return cluster.isWorker && process.platform === 'linux' ? { reusePort: true } : {};
}
