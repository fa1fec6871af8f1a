export { accounts } from './accounts.ts';
export { apiKeys } from './api-keys.ts';
export {
  clickDimensions,
  clicks,
  countedBatches,
  dailyVisitors,
  linkDays,
  linkDimensions,
  linkMinutes,
  linkMonths,
  linkMonthsToDate,
  linkQuarters,
  linkTotals,
  visitorSalts,
} from './clicks.ts';
export { codeBlocks, codeIndex, codeKey } from './codes.ts';
export { idempotencyKeys } from './idempotency-keys.ts';
export { identities } from './identities.ts';
export { importChunks, importRejections, imports } from './imports.ts';
export { links } from './links.ts';
export { outbox } from './outbox.ts';
export { runtimeSettings } from './runtime-settings.ts';
export { tokenKeys } from './token-keys.ts';
