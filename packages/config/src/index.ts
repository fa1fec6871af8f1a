export { advertisedUrl } from './advertised-url.ts';
export { type ConfigOf, type ConfigSchema, defineConfig } from './define-config.ts';
export { type Environment, loadConfig } from './load-config.ts';
export { redisTls } from './redis-tls.ts';
export { renderEnvExample, type ServiceSettings } from './render-env-example.ts';
export {
  databaseSettings,
  listenerSettings,
  processSettings,
  redisUrl,
  sessionSettings,
  tracingSettings,
  webSettings,
} from './service-settings.ts';
export { setting } from './setting.ts';
