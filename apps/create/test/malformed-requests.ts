import { shortOrigin } from './start-create.ts';

/** A request that must be refused. */
export interface MalformedRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  status: number;
  code: string;
  /** Where the fault is, for VALIDATION_FAILED. */
  at?: string;
}

const url = 'https://example.com/';
const long = (length: number) => 'x'.repeat(length);
const link = (body: unknown, status: number, code: string, at?: string): MalformedRequest => ({
  ...{ method: 'POST', path: '/api/links', body, status, code },
  ...(at === undefined ? {} : { at }),
});
const badLink = (body: unknown, at: string) => link(body, 400, 'VALIDATION_FAILED', at);
const badUrl = (target: string) => link({ url: target }, 422, 'URL_NOT_ALLOWED');
const get = (path: string, at: string): MalformedRequest => ({
  ...{ method: 'GET', path, status: 400, code: 'VALIDATION_FAILED', at },
});

export const malformedRequests: MalformedRequest[] = [
  badLink({ url: 5 }, '/url'),
  badLink({ url: null }, '/url'),
  badLink({ url: ['https://example.com/'] }, '/url'),
  badLink({}, '/url'),
  badLink([], ''),
  badLink('text', ''),
  badLink({ url: '' }, '/url'),
  badLink({ url: `https://example.com/${long(17_000)}` }, '/url'),
  badLink({ url, extra: 1 }, '/extra'),
  badLink({ url, slug: 'a b' }, '/slug'),
  badLink({ url, slug: '' }, '/slug'),
  badLink({ url, slug: long(65) }, '/slug'),
  badLink({ url, slug: 'a\r\nb' }, '/slug'),
  badLink({ url, slug: 'ä' }, '/slug'),
  badLink({ url, status: 303 }, '/status'),
  badLink({ url, status: '302' }, '/status'),
  badLink({ url, maxClicks: 0 }, '/maxClicks'),
  badLink({ url, maxClicks: 1.5 }, '/maxClicks'),
  badLink({ url, maxClicks: 1e300 }, '/maxClicks'),
  badLink({ url, tags: 'x' }, '/tags'),
  badLink({ url, tags: [''] }, '/tags/0'),
  badLink({ url, tags: ['  '] }, '/tags/0'),
  badLink({ url, tags: Array(21).fill('x') }, '/tags'),
  badLink({ url, title: long(301) }, '/title'),
  badLink({ url, expiresAt: 'tomorrow' }, '/expiresAt'),
  badLink({ url, expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'),
  badLink({ url, expiresAt: '2030-02-30T00:00:00Z' }, '/expiresAt'),
  badLink({ url, expiresAt: '2030-06-30T23:59:60Z' }, '/expiresAt'),
  badLink({ url, password: '' }, '/password'),
  badLink({ url, visibility: 'secret' }, '/visibility'),
  badLink({ url, forwardQuery: 'true' }, '/forwardQuery'),
  badLink({ url, rules: [{ targets: [] }] }, '/rules/0/targets'),
  badLink({ url, rules: [{ targets: [{ url, weight: 0 }] }] }, '/rules/0/targets/0/weight'),
  badLink(
    { url, rules: [{ when: { countries: ['de'] }, targets: [{ url }] }] },
    '/rules/0/when/countries/0',
  ),
  badUrl('nonsense'),
  badUrl('//example.com/'),
  badUrl('javascript:alert(1)'),
  badUrl(' java\nscript:alert(1)'),
  badUrl('data:text/html,x'),
  badUrl('ftp://example.com/'),
  badUrl('file:///etc/passwd'),
  badUrl('https://'),
  badUrl('https://user@example.com/'),
  badUrl('https://user:pass@example.com/'),
  badUrl('https://exa mple.com/'),
  badUrl('https://example.com:99999/'),
  badUrl(`https://example.com/${long(8_200)}`),
  badUrl(`https://example.com/${'ü'.repeat(2_000)}`),
  badUrl(`${shortOrigin}/other`),
  badUrl('HTTP://SHO.RT.:3001/other'),
  badUrl('https://sho.rt:3001'),
  link({ url, rules: [{ targets: [{ url: 'javascript:1' }] }] }, 422, 'URL_NOT_ALLOWED'),
  link({ url: 'https://example.com/\0' }, 400, 'TEXT_INVALID'),
  link({ url, title: 'a\0b' }, 400, 'TEXT_INVALID'),
  link({ url, title: '\ud800' }, 400, 'TEXT_INVALID'),
  link({ url, slug: 'api' }, 422, 'SLUG_RESERVED'),
  link({ url, title: long(2_000_000) }, 413, 'BODY_TOO_LARGE'),
  { ...badLink({ url }, '/x'), path: '/api/links?x=1' },
  { ...badLink({ links: [] }, '/links'), path: '/api/links/bulk' },
  { ...badLink({ links: Array(1_001).fill({ url }) }, '/links'), path: '/api/links/bulk' },
  { ...badLink({ links: {} }, '/links'), path: '/api/links/bulk' },
  { ...badLink({ name: 'k', scopes: [] }, '/scopes'), path: '/api/keys' },
  { ...badLink({ name: ' ', scopes: ['links:read'] }, '/name'), path: '/api/keys' },
  { ...badLink({ name: 'k', scopes: ['everything'] }, '/scopes/0'), path: '/api/keys' },
  {
    ...badLink(
      { name: 'k', scopes: ['links:read'], expiresAt: '2020-01-01T00:00:00Z' },
      '/expiresAt',
    ),
    path: '/api/keys',
  },
  {
    ...badLink({ email: 'nobody', password: 'long enough' }, '/email'),
    path: '/api/auth/register',
  },
  { ...badLink({ email: 'a@b.cd', password: 'short' }, '/password'), path: '/api/auth/register' },
  { ...badLink({ email: 'a@b.cd' }, '/password'), path: '/api/auth/login' },
  {
    ...badLink({ email: 'a@b.cd', password: 'x', role: 'admin' }, '/role'),
    path: '/api/auth/login',
  },
  { ...badLink({}, ''), method: 'PATCH', path: '/api/links/victim' },
  { ...badLink({ slug: 'new' }, '/slug'), method: 'PATCH', path: '/api/links/victim' },
  { ...badLink({ url: null }, '/url'), method: 'PATCH', path: '/api/links/victim' },
  { ...badUrl('data:,'), method: 'PATCH', path: '/api/links/victim' },
  {
    ...badLink({ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'),
    method: 'PATCH',
    path: '/api/links/victim',
  },
  {
    method: 'DELETE',
    path: '/api/links/a%20b',
    status: 400,
    code: 'VALIDATION_FAILED',
    at: '/slug',
  },
  {
    method: 'DELETE',
    path: '/api/links/victim?force=1',
    status: 400,
    code: 'VALIDATION_FAILED',
    at: '/force',
  },
  { method: 'DELETE', path: '/api/keys/1', status: 400, code: 'VALIDATION_FAILED', at: '/id' },
  {
    method: 'DELETE',
    path: '/api/auth/sessions/x',
    status: 400,
    code: 'VALIDATION_FAILED',
    at: '/id',
  },
  {
    ...{ method: 'PATCH', path: '/api/auth/preferences', body: { timezone: '+05:30' } },
    ...{ status: 400, code: 'VALIDATION_FAILED', at: '/timezone' },
  },
  { method: 'GET', path: '/api/links/%E0%A4', status: 400, code: 'URL_INVALID' },
  { method: 'GET', path: '/api/links/%00', status: 400, code: 'TEXT_INVALID' },
  { method: 'GET', path: '/api/links?q=%00', status: 400, code: 'TEXT_INVALID' },
  get('/api/links?limit=0', '/limit'),
  get('/api/links?limit=101', '/limit'),
  get('/api/links?limit=ten', '/limit'),
  get('/api/links?limit=1&limit=2', '/limit'),
  get('/api/links?sort=best', '/sort'),
  get('/api/links?cursor=nonsense', '/cursor'),
  get(`/api/links?cursor=${Buffer.from('["newest",1e400,0]').toString('base64url')}`, '/cursor'),
  get(`/api/links?cursor=${Buffer.from('["oldest",1,0]').toString('base64url')}`, '/cursor'),
  get('/api/links?unknown=1', '/unknown'),
  get('/api/keys?cursor=nonsense', '/cursor'),
  get(
    `/api/keys?cursor=${Buffer.from('["newest","+99999-01-01","x"]').toString('base64url')}`,
    '/cursor',
  ),
  get('/api/auth/me?x=1', '/x'),
  get('/api/links/victim/stats?interval=second', '/interval'),
  get('/api/links/victim/visitors?window=year', '/window'),
  get('/api/links/victim/stats?timezone=Mars/Olympus', '/timezone'),
  get('/api/links/victim/stats?timezone=%2B05:30', '/timezone'),
  get('/api/links/victim/stats?from=yesterday', '/from'),
  get('/api/links/victim/stats?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', '/from'),
  get(
    '/api/links/victim/stats?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z&interval=minute',
    '/interval',
  ),
  get(
    '/api/links/victim/stats?from=2000-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&interval=hour',
    '/interval',
  ),
  get('/api/links/victim/stats?from=0001-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', '/interval'),
  get('/api/leaderboard?window=year', '/window'),
  get('/api/leaderboard?limit=-1', '/limit'),
  { method: 'GET', path: '/api/nothing', status: 404, code: 'NOT_FOUND' },
];
