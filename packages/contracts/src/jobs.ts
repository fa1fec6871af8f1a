import Type, { type Static } from 'typebox';

/** create: read title, description and favicon of a new link's target. Job id: `metadata-<linkId>-<version>`. */
export const ReadMetadataJob = Type.Object({ linkId: Type.Integer(), version: Type.Integer() });
export type ReadMetadataJob = Static<typeof ReadMetadataJob>;

/** redirect: put the most followed links into the cache after a start. */
export const WarmUpJob = Type.Object({ limit: Type.Integer({ minimum: 1 }) });
export type WarmUpJob = Static<typeof WarmUpJob>;

/** redirect: a click batch that could not be counted. Replayed by an operator, kept until then within bounds. */
export const DeadBatchJob = Type.Object({
  bootId: Type.String(),
  sequence: Type.Integer(),
  payload: Type.String(),
  reason: Type.String(),
});
export type DeadBatchJob = Static<typeof DeadBatchJob>;

/** worker: work on a schedule; the job's name says what. */
export const ScheduledJob = Type.Object({});
export type ScheduledJob = Static<typeof ScheduledJob>;

/** create: one chunk of an import (`number`), or the import's end (without). Job id: `import-<importId>[-<number>]`. */
export const ImportJob = Type.Object({
  importId: Type.String(),
  number: Type.Optional(Type.Integer()),
});
export type ImportJob = Static<typeof ImportJob>;
