/** Makes a process hang: it keeps its connections and answers nothing (SIGSTOP). */
export function suspend(pid: number): void {
  process.kill(pid, 'SIGSTOP');
}

/** Lets a suspended process go on (SIGCONT). */
export function resume(pid: number): void {
  process.kill(pid, 'SIGCONT');
}
