/** Calls create's JSON API. Rejects on any answer that is no success, and tells what it said. */
export type ApiClient = <T>(method: string, path: string, body?: unknown) => Promise<T>;

const timeoutMs = 30_000;
const attempts = 10;

/** With an API key. Waits where it is rate-limited, as the answer says, up to ten times. */
export function apiClient(origin: string, key: string): ApiClient {
  return (method, path, body) =>
    call(origin, method, path, { authorization: `Bearer ${key}` }, body);
}

/** Signs in and makes an API key that lasts a day. */
export async function makeApiKey(origin: string, email: string, password: string): Promise<string> {
  const own = { origin };
  const login = await send(origin, 'POST', '/api/auth/login', own, { email, password });
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { key } = await call<{ key: string }>(
    origin,
    'POST',
    '/api/keys',
    { ...own, cookie },
    {
      name: 'load test',
      scopes: ['links:read', 'links:write'],
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    },
  );
  return key;
}

async function call<T>(
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<T> {
  const answer = await send(origin, method, path, headers, body);
  return (await answer.json()) as T;
}

async function send(
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(new URL(path, origin), {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.ok) return answer;
    const said = (await answer.text()).slice(0, 300);
    if (answer.status !== 429 || attempt === attempts) {
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${said}`);
    }
    const seconds = Number(answer.headers.get('retry-after') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, Math.min(60, seconds) * 1_000));
  }
}
