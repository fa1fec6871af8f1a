export type { components, paths } from './api.gen.ts';
export { ApiError, type Problem } from './api-error.ts';
export { type ClientOptions, createClient, type ShortstackClient } from './create-client.ts';
export { orThrow } from './or-throw.ts';
