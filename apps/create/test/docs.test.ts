import { expect, test } from 'vitest';
import { client } from './client.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate();
const anyone = client(create);

interface Operation {
  summary?: string;
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}

test('the OpenAPI document names every route with its answers and problems', async () => {
  const document = (await anyone.get('/openapi.json')).json();
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  expect(new Set(operations.map(({ name }) => name))).toEqual(
    new Set([
      ...['POST /api/auth/register', 'POST /api/auth/login', 'POST /api/auth/logout'],
      ...['GET /api/auth/me', 'GET /api/auth/sessions', 'DELETE /api/auth/sessions'],
      ...[
        'PATCH /api/auth/preferences',
        'DELETE /api/auth/sessions/{id}',
        'POST /api/keys',
        'GET /api/keys',
      ],
      ...['DELETE /api/keys/{id}', 'POST /api/links', 'POST /api/links/bulk', 'GET /api/links'],
      ...['GET /api/links/{slug}', 'PATCH /api/links/{slug}', 'DELETE /api/links/{slug}'],
      ...['GET /api/links/{slug}/stats', 'GET /api/links/{slug}/visitors', 'GET /api/leaderboard'],
      ...['GET /api/auth/identities', 'DELETE /api/auth/identities/{id}', 'GET /api/auth/live'],
      ...['POST /api/auth/oidc/{provider}/link', 'GET /.well-known/jwks.json'],
      ...['POST /api/auth/token', 'POST /api/auth/token-keys'],
      ...[
        'GET /api/links/{slug}/qr',
        'GET /api/links/{slug}/live',
        'GET /api/settings',
        'PATCH /api/settings',
      ],
      ...['POST /api/imports', 'GET /api/imports/{id}', 'GET /api/links/export'],
      // `turbo gen route` adds routes above this line.
    ]),
  );
  for (const { name, operation } of operations) {
    expect({ name, summary: operation.summary }).toEqual({ name, summary: expect.any(String) });
    for (const status of ['400', '500', '503']) {
      const schema = operation.responses[status]?.content?.['application/problem+json']?.schema;
      expect({ name, schema }).toEqual({ name, schema: { $ref: '#/components/schemas/Problem' } });
    }
    const succeeds = Object.keys(operation.responses).some((status) => status.startsWith('2'));
    expect({ name, succeeds }).toEqual({ name, succeeds: true });
  }
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Problem', 'Link', 'ApiKey', 'LinkStats']),
  );
  const text = JSON.stringify(document);
  expect(text).not.toContain('"$id"');
  const named = Object.keys(document.components.schemas).map(
    (name) => `#/components/schemas/${name}`,
  );
  const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target));
  expect(named).toEqual(expect.arrayContaining([...references]));
});

test('the page at /docs loads nothing from elsewhere', async () => {
  const page = await anyone.get('/docs/');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  const scripts = page.body.match(/<script[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
  const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source);
  for (const source of sources) expect(source).not.toMatch(/^(https?:)?\/\//);
  const script = await anyone.get('/docs/js/scalar.js');
  expect(script.statusCode).toBe(200);
  expect(script.headers['content-type']).toMatch(/^application\/javascript/);
});

test('the AsyncAPI document tells of the events, without names that only the schemas’ code needs', async () => {
  const answer = await anyone.get('/asyncapi.json');
  expect(answer.json().channels.linkEvents.address).toBe('hub:events');
  expect(answer.body).not.toContain('"$id"');
});

test('answers of the API keep the strict policy', async () => {
  const answer = await anyone.get('/api/auth/me');
  expect(answer.headers['content-security-policy']).toBe(
    "default-src 'none'; frame-ancestors 'none'",
  );
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['x-served-by']).toBe(`create-test-${process.pid}`);
});

test('the internal listener tells liveness, readiness, metrics by route, and the service key', async () => {
  await anyone.get('/api/links/some-slug');
  const internal = (path: string) => create.internal.inject({ method: 'GET', url: path });
  expect((await internal('/livez')).statusCode).toBe(200);
  const ready = await internal('/readyz');
  expect(ready.statusCode).toBe(200);
  expect(ready.json().dependencies.map(({ name }: { name: string }) => name)).toEqual([
    ...['postgres', 'redis-session', 'redis-hub', 'redis-cache'],
  ]);
  const metrics = (await internal('/metrics')).body;
  expect(metrics).toMatch(
    /http_server_request_duration_seconds_count\{[^}]*route="\/api\/links\/:slug"/,
  );
  expect(metrics).toContain('shortstack_codes_ready');
  const { keys } = (await internal('/.well-known/jwks.json')).json();
  expect(keys).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519' })]);
  expect(JSON.stringify(keys)).not.toContain('"d"');
});

test('the internal routes do not exist on the public listener', async () => {
  for (const path of ['/metrics', '/readyz', '/livez', '/.well-known/access-token-jwks.json']) {
    expect((await anyone.get(path)).statusCode).toBe(404);
  }
});
