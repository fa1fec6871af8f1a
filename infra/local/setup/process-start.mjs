import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, in the system's own terms; undefined when it has ended, a zombie included.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function processStart(pid) {
  try {
    if (process.platform === 'linux') {
      // Fields 3 (state) and 22 (start in clock ticks) of proc_pid_stat(5); the name before may hold spaces.
      const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return state === 'Z' ? undefined : fields[18];
    }
    const [state = '', ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', `${pid}`])
      .toString()
      .trim()
      .split(/\s+/);
    return state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}
