import { hash } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { insertLink } from './links.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();
const redirect = await stack.startHttp();
const browser = { accept: 'text/html' };
const password_hash = await hash('open sesame', { memoryCost: 8, timeCost: 1, parallelism: 1 });

test('pages are small and tell their language, their one heading, every field’s name and what to do', async () => {
  const { sql } = stack;
  const url = `https://example.com/?q=${'a'.repeat(3_000)}`;
  const title = 'A page <of> ours';
  const [open, gone, locked] = [
    await insertLink(sql, { url, title }),
    await insertLink(sql, { deleted_at: new Date() }),
    await insertLink(sql, { password_hash }),
  ];
  const wrong = await redirect.send(`/${locked.slug}`, {
    method: 'POST',
    headers: { ...browser, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'password=wrong',
  });
  const pages: [number, string, string][] = [
    [404, '/nothing-here', 'every letter counts'],
    [410, `/${gone.slug}`, 'Ask whoever gave it to you'],
    [200, `/${locked.slug}`, '<button class="full">Open</button>'],
    [200, `/${open.slug}+`, 'Continue to example.com'],
    [403, '/.session?code=x&returnTo=/private', 'href="http://short.test:3001/private"'],
  ];
  const answers = await Promise.all(pages.map(([, path]) => redirect.get(path, browser)));
  expect(answers.map(({ status }) => status)).toEqual(pages.map(([status]) => status));
  expect(wrong.status).toBe(401);
  expect(wrong.body).toContain('aria-invalid="true" aria-describedby="note"');
  expect(wrong.body).not.toContain('wrong"');

  for (const [at, { body, headers }] of [...answers, wrong].entries()) {
    expect(Buffer.byteLength(body)).toBeLessThan(20_480);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(body).toContain('<html lang="en">');
    expect(body.match(/<h1>/g)).toHaveLength(1);
    expect(body).not.toMatch(/<script|style="|<of>/);
    const inputs = body.match(/<input /g) ?? [];
    expect(body.match(/<label>[^<]+<input/g) ?? []).toHaveLength(inputs.length);
    expect(body).toContain(pages[at]?.[2] ?? 'Try again');
  }
});
