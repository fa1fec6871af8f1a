import type { components, paths } from '@shortstack/client';

export type Link = components['schemas']['Link'];
export type LinkStats = components['schemas']['LinkStats'];
export type LiveClicks = components['schemas']['LiveClicks'];
export type ApiKey = components['schemas']['ApiKey'];
export type CreateApiKeyBody =
  paths['/api/keys']['post']['requestBody']['content']['application/json'];
export type CreateLinkBody =
  paths['/api/links']['post']['requestBody']['content']['application/json'];
export type UpdateLinkBody =
  paths['/api/links/{slug}']['patch']['requestBody']['content']['application/json'];
export type ListLinksQuery = NonNullable<paths['/api/links']['get']['parameters']['query']>;
