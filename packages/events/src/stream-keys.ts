/**
 * The keys that belong to a stream. The braces give them the slot of the stream itself, whose name has none: one script touches several.
 * An ACL needs `~<stream>` and `~{<stream>}:*`.
 */
export function streamKeys(stream: string) {
  return {
    stream,
    /** Hash: the number of the newest event, the stamp of the newest batch. One small key per stream. */
    state: `{${stream}}:state`,
    /** Hash: up to where each group has handled everything, for when it has to be made again. One small field per group. */
    positions: `{${stream}}:positions`,
    /** Sorted set of the event ids that a group has handled. Bounded by `seenWindowMs` and in members. */
    seen: (group: string) => `{${stream}}:seen:${group}`,
    /** Stream of the events that a group gave up on. Bounded in entries. */
    dead: (group: string) => `{${stream}}:dead:${group}`,
  };
}
