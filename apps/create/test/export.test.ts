import { expect, test } from 'vitest';
import { signUp } from './client.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate();

test('an export holds each of the caller’s links once', async () => {
  const [person, other] = [await signUp(create), await signUp(create)];
  await other.post('/api/links', { url: 'https://example.com/other' });
  for (let round = 0; round < 2; round += 1) {
    const links = Array.from({ length: 600 }, (_, n) => ({
      url: `https://example.com/${round * 600 + n}`,
    }));
    await person.post('/api/links/bulk', { links });
  }
  const answer = await person.get('/api/links/export?format=json');
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json']);
  const urls: string[] = answer.json().map(({ url }: { url: string }) => url);
  expect(urls.toSorted()).toEqual(
    Array.from({ length: 1_200 }, (_, n) => `https://example.com/${n}`).toSorted(),
  );
});

test('an export as CSV is what an import reads', async () => {
  const person = await signUp(create);
  expect((await person.get('/api/links/export')).body).toBe(
    'url,slug,title,tags,status,visibility,expiresAt,maxClicks,forwardQuery\r\n',
  );
  await person.post('/api/links', {
    ...{ url: 'https://example.com/?a=1,2', slug: 'csv-one', title: 'Say "hi",\nplease' },
    ...{ tags: ['a', 'b'], maxClicks: 5 },
  });
  const answer = await person.get('/api/links/export?format=csv');
  expect(answer.body.split('\r\n')[1]).toBe(
    '"https://example.com/?a=1,2",csv-one,"Say ""hi"",\nplease",a|b,302,public,,5,false',
  );
  expect(answer.headers['content-disposition']).toBe('attachment; filename="links.csv"');
});

test('a format that there is not is refused, and so is everyone without a session', async () => {
  const person = await signUp(create);
  expect((await person.get('/api/links/export?format=xml')).statusCode).toBe(400);
  expect((await create.app.inject('/api/links/export')).statusCode).toBe(401);
});
