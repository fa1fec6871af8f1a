import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { qrMatrix } from '../src/qr/qr-matrix.ts';
import { client, signUp, withApiKey } from './client.ts';
import { shortOrigin, startCreate } from './start-create.ts';

const create = await startCreate();
const person = await signUp(create);
await person.post('/api/links', { url: 'https://example.com/', slug: 'poster' });
const matrix = qrMatrix(`${shortOrigin}/poster`);

/** As rows of "1" for dark, without the quiet zone. */
const expected = Array.from({ length: matrix.size }, (_, row) =>
  Array.from({ length: matrix.size }, (_, column) => (matrix.isDark(row, column) ? '1' : '0')).join(
    '',
  ),
);

test('a QR code is an SVG unless said otherwise, and is the owner’s to keep for an hour', async () => {
  const { statusCode, headers, body } = await person.get('/api/links/poster/qr');
  expect({ statusCode, type: headers['content-type'] }).toEqual({
    statusCode: 200,
    type: 'image/svg+xml',
  });
  expect(headers['cache-control']).toBe('private, max-age=3600');
  expect(body).toContain('width="256" height="256"');
  const rows = Array.from({ length: matrix.size }, () => Array(matrix.size).fill('0'));
  for (const [, x, y, length] of body.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let at = 0; at < Number(length); at += 1) {
      const row = rows[Number(y) - 4] ?? [];
      row[Number(x) - 4 + at] = '1';
    }
  }
  expect(rows.map((row) => row.join(''))).toEqual(expected);
});

test.each([128, 1_000, 2_048])(
  'a PNG is exactly %i pixels wide and shows the same',
  async (size) => {
    const answer = await person.get(`/api/links/poster/qr?format=png&size=${size}`);
    expect(answer.headers['content-type']).toBe('image/png');
    const png = answer.rawPayload;
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
    const begin = png.indexOf('IDAT') + 4;
    const pixels = inflateSync(png.subarray(begin, begin + png.readUInt32BE(begin - 8)));
    const lineBytes = 1 + Math.ceil(size / 8);
    expect(pixels.length).toBe(lineBytes * size);
    const isDark = (x: number, y: number) =>
      ((pixels[y * lineBytes + 1 + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) === 0;
    const scale = Math.floor(size / (matrix.size + 8));
    const margin = Math.floor((size - scale * matrix.size) / 2);
    const middle = (module: number) => margin + module * scale + Math.floor(scale / 2);
    const seen = expected.map((line, row) =>
      Array.from({ length: line.length }, (_, column) =>
        isDark(middle(column), middle(row)) ? '1' : '0',
      ).join(''),
    );
    expect(seen).toEqual(expected);
    expect(isDark(margin - 1, margin)).toBe(false);
  },
);

test('an API key that may read links may read their codes; others, and other people, may not', async () => {
  const reader = await withApiKey(create, person, ['links:read']);
  expect((await reader.get('/api/links/poster/qr')).statusCode).toBe(200);
  const counter = await withApiKey(create, person, ['stats:read']);
  expect((await counter.get('/api/links/poster/qr')).statusCode).toBe(403);
  expect((await client(create).get('/api/links/poster/qr')).statusCode).toBe(401);
  expect((await (await signUp(create)).get('/api/links/poster/qr')).statusCode).toBe(404);
});

test.each(['format=gif', 'size=64', 'size=4096', 'colour=red'])('%s is refused', async (query) => {
  expect((await person.get(`/api/links/poster/qr?${query}`)).statusCode).toBe(400);
});
