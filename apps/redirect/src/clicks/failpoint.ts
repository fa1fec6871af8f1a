/** A moment at which a crash must lose no acknowledged click and count none twice. */
type FailpointName =
  | 'stored'
  | 'acknowledged'
  | 'spool-rotation'
  | 'before-commit'
  | 'after-commit';

/** Called at each such moment: tests let the process die there. */
export type Failpoint = (name: FailpointName) => void;
