export {
  LoginBody,
  MeAnswer,
  RegisterBody,
  SessionList,
  SessionParams,
  SessionSummary,
  User,
  UserAnswer,
} from './accounts.ts';
export {
  ApiKey,
  ApiKeyPage,
  ApiKeyParams,
  CreateApiKeyBody,
  CreatedApiKey,
  ListApiKeysQuery,
  Scope,
} from './api-keys.ts';
export { type CachedLink, cachedLinkCodec, type LinkRow, toCachedLink } from './cached-link.ts';
export { type LinkEventType, LinksChanged, linkEvents } from './events.ts';
export {
  ExportQuery,
  ImportAccepted,
  ImportParams,
  ImportProgress,
  ImportQuery,
  type RejectedRow,
} from './imports.ts';
export { DeadBatchJob, ImportJob, ReadMetadataJob, ScheduledJob, WarmUpJob } from './jobs.ts';
export { LinkRule } from './link-rules.ts';
export {
  BulkLinksAnswer,
  BulkLinksBody,
  CreateLinkBody,
  Link,
  LinkPage,
  LinkParams,
  ListLinksQuery,
  UpdateLinkBody,
} from './links.ts';
export { OperationsOverview } from './operations.ts';
export { Problem } from './problem.ts';
export { queueBoardPath, queueNames, redisKeys } from './redis-keys.ts';
export { type SignedInUser, sessionCookieName, signedInUserCodec } from './signed-in-user.ts';
export { Leaderboard, LeaderboardQuery, LinkStats, StatsQuery } from './stats.ts';
