/** Somebody was somewhere. */
export interface Visit {
  /** What was visited: a link's id, for example. */
  subject: string;
  /** Who: a hash, since what goes into a HyperLogLog is better nobody's name. */
  visitor: string;
  time: Date;
}
