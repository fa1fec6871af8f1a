export {
  type AccessTokenVerifier,
  accessTokenOf,
  accessTokenSeconds,
  createAccessTokenVerifier,
} from './access-token-verifier.ts';
export { askInstance } from './ask-instance.ts';
export type { Instance, InstanceProcess } from './instance.ts';
export type { InstanceHealth, ListedInstance } from './instance-table.ts';
export {
  type InstanceDescription,
  type InstanceToRegister,
  type RegisteredInstance,
  type RegisterInstanceOptions,
  registerInstance,
} from './register-instance.ts';
export {
  createResolver,
  type ResolveOptions,
  type Resolver,
  type ResolverOptions,
} from './resolver.ts';
export {
  createServiceClient,
  type ServiceCall,
  type ServiceClient,
  type ServiceClientOptions,
  type ServiceResponse,
} from './service-client.ts';
export { generateServiceKey, parseServiceKey } from './service-key.ts';
export { createServiceKeys, type ServiceKeys, type ServiceKeysOptions } from './service-keys.ts';
export { createServiceTokenGuard } from './service-token-guard.ts';
export { createServiceTokenIssuer, type ServiceTokenIssuer } from './service-token-issuer.ts';
export { createServiceTokenVerifier, type ServiceTokenVerifier } from './service-token-verifier.ts';
export {
  createStatusEndpoint,
  type InstanceStatus,
  type StatusEndpoint,
  type StatusEndpointOptions,
  statusPath,
} from './status-endpoint.ts';
export { sweepRegistry } from './sweep-registry.ts';
