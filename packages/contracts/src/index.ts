export {
  AccessTokenAnswer,
  JsonWebKeySet,
  LoginBody,
  MeAnswer,
  Preferences,
  RegisterBody,
  RotatedTokenKey,
  RotateTokenKeysBody,
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
export { asyncApiDocument } from './async-api.ts';
export { type CachedLink, cachedLinkCodec, type LinkRow, toCachedLink } from './cached-link.ts';
export {
  type EventDefinition,
  eventTypes,
  type LinkEventType,
  LinksChanged,
} from './events.ts';
export {
  IdentityList,
  IdentityParams,
  OidcLinkAnswer,
  OidcParams,
} from './identities.ts';
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
  QrCodeQuery,
  UpdateLinkBody,
} from './links.ts';
export { LiveClick, LiveClicks, maxLiveClicks } from './live-clicks.ts';
export {
  FailedJobs,
  FaultSwitches,
  OperationsOverview,
  ProcessDetails,
  shownMetrics,
} from './operations.ts';
export { Problem } from './problem.ts';
export { processNames } from './processes.ts';
export { queueBoardPath, queueNames, redisChannels, redisKeys } from './redis-keys.ts';
export { redisPolicies } from './redis-policies.ts';
export { redisTrials } from './redis-trials.ts';
export {
  parseRuntimeSettings,
  RuntimeSettings,
  SettingsChanged,
  UpdateRuntimeSettingsBody,
} from './runtime-settings.ts';
export {
  accessTokenAudience,
  accessTokenKeysPath,
  handOverPath,
  type SignedInUser,
  sessionCookieName,
  signedInUserCodec,
} from './signed-in-user.ts';
export {
  Leaderboard,
  LeaderboardQuery,
  LinkStats,
  LinkVisitors,
  StatsQuery,
  VisitorsQuery,
} from './stats.ts';
