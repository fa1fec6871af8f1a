/** What redirects of edited links showed. */
export interface EditFindings {
  /** Redirects of links that were edited in this run. */
  reads: number;
  /** Those that showed a target which had been replaced before they were asked for. */
  outdated: number;
  /** How long at most a target was still shown after its replacement had been acknowledged. */
  longestMs: number;
}

/** Each link of a run has targets with versions: 0 until the first edit, then 1, 2, … in this order. */
export interface EditWatch {
  /** A link to edit and its next version. No link is edited twice at the same time. */
  next(): { key: number; version: number };
  /** The edit was acknowledged at this time. */
  acknowledged(key: number, version: number, at: number): void;
  /** The edit came to nothing; unless that is certain it may still happen, and its link is left alone from then on. */
  failed(key: number, isCertain: boolean): void;
  isWatched(key: number): boolean;
  /** A redirect that was sent at `sentAt` showed this version. */
  saw(key: number, version: number, sentAt: number): void;
  readonly findings: EditFindings;
}

/** Watches how soon edits show. Times are ms of one clock. */
export function watchEdits(keys: readonly number[]): EditWatch {
  /** By key, when each version was acknowledged, at index version - 1. */
  const versionsOf = new Map(keys.map((key) => [key, [] as (number | undefined)[]]));
  const idle = [...keys];
  const findings: EditFindings = { reads: 0, outdated: 0, longestMs: 0 };
  return {
    next() {
      const key = idle.shift() ?? keys[0] ?? 0;
      const versions = versionsOf.get(key) ?? [];
      return { key, version: versions.push(undefined) };
    },
    acknowledged(key, version, at) {
      const versions = versionsOf.get(key);
      if (versions !== undefined) versions[version - 1] = at;
      idle.push(key);
    },
    failed(key, isCertain) {
      if (isCertain) idle.push(key);
    },
    isWatched: (key) => versionsOf.has(key),
    saw(key, version, sentAt) {
      const replacedAt = versionsOf
        .get(key)
        ?.slice(version)
        .find((at) => at !== undefined);
      findings.reads += 1;
      if (replacedAt === undefined || replacedAt >= sentAt) return;
      findings.outdated += 1;
      findings.longestMs = Math.max(findings.longestMs, sentAt - replacedAt);
    },
    findings,
  };
}
