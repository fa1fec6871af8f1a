import { AppError, type FieldError } from '@shortstack/errors';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const Provider = Type.Object(
  {
    /** As addresses name it. */
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,31}$' }),
    /** As its button names it. */
    name: Type.String({ minLength: 1, maxLength: 40 }),
    issuer: Type.String({ maxLength: 500 }),
    clientId: Type.String({ minLength: 1, maxLength: 500 }),
    clientSecret: Type.String({ minLength: 1, maxLength: 2_000 }),
    scopes: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]+( [\\x21-\\x7e]+)*$' })),
  },
  { additionalProperties: false },
);
const providers = Compile(Type.Array(Provider, { maxItems: 10 }));

export type OidcProvider = Static<typeof Provider> & { scopes: string };

/**
 * Reads `OIDC_PROVIDERS`: `[{id, name, issuer, clientId, clientSecret, scopes?}]` in JSON, at most ten. Issuers use https, except on this
 * machine. `scopes` is `openid email profile` unless given.
 * @throws AppError `CONFIG_INVALID` that names every fault and repeats nothing of the text.
 */
export function parseOidcProviders(text: string | undefined): OidcProvider[] {
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid([{ path: '', message: 'must be JSON' }]);
  }
  if (!providers.Check(value)) {
    throw invalid(
      providers.Errors(value).map(({ instancePath, message }) => ({ path: instancePath, message })),
    );
  }
  const faults = value.flatMap(({ id, issuer, scopes = 'openid' }, at): FieldError[] => [
    ...(isIssuer(issuer)
      ? []
      : [{ path: `/${at}/issuer`, message: 'must be an https URL without query' }]),
    ...(scopes.split(' ').includes('openid')
      ? []
      : [{ path: `/${at}/scopes`, message: 'must include openid' }]),
    ...(value.findIndex((other) => other.id === id) === at
      ? []
      : [{ path: `/${at}/id`, message: 'must be another one’s than that of the provider before' }]),
  ]);
  if (faults.length > 0) throw invalid(faults);
  return value.map((provider) => ({ scopes: 'openid email profile', ...provider }));
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isLocal)) && search + hash === '';
}

function invalid(faults: FieldError[]): AppError {
  const fields = faults.map(({ path, message }) => ({ path: `OIDC_PROVIDERS${path}`, message }));
  const lines = fields.map(({ path, message }) => `  ${path}: ${message}`).join('\n');
  return new AppError('invalid', 'CONFIG_INVALID', `OIDC_PROVIDERS is wrong:\n${lines}`, {
    fields,
  });
}
