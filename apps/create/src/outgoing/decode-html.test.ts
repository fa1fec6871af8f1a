import { expect, test } from 'vitest';
import { decodeHtml } from './decode-html.ts';

async function decode(bytes: Uint8Array, contentType = 'text/html', chunkBytes = 7) {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      yield bytes.subarray(at, at + chunkBytes);
    }
  }
  let text = '';
  for await (const piece of decodeHtml(chunks(), contentType)) text += piece;
  return text;
}

const padding = ' '.repeat(2_000);

test('a page is UTF-8 unless it says otherwise, however it is cut into pieces', async () => {
  const text = `<title>Grüße 😀</title>${padding}Ende ü`;
  for (const size of [1, 3, 1_024, 10_000]) {
    expect(await decode(Buffer.from(text), 'text/html', size)).toBe(text);
  }
  expect(await decode(Buffer.alloc(0))).toBe('');
});

test('the header, a meta element or a byte order mark names the encoding', async () => {
  const latin1 = Buffer.from('<title>Grüße</title>', 'latin1');
  expect(await decode(latin1, 'text/html; charset="ISO-8859-1"')).toContain('Grüße');
  for (const meta of [
    '<meta charset=iso-8859-1>',
    `<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'>`,
  ]) {
    expect(await decode(Buffer.concat([Buffer.from(meta), latin1]))).toContain('Grüße');
  }
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Grüße', 'utf16le')]);
  expect(await decode(utf16, 'text/html; charset=utf-8')).toBe('Grüße');
  expect(await decode(Buffer.from([0x93, 0xfa, 0x96, 0x7b]), 'text/html;charset=Shift_JIS')).toBe(
    '日本',
  );
});

test('an encoding that nobody knows, or that is a lie, spoils nothing', async () => {
  expect(await decode(Buffer.from('Grüße'), 'text/html; charset=klingon')).toBe('Grüße');
  expect(await decode(Buffer.from('<meta charset=utf-16>Grüße'))).toContain('Grüße');
  expect(await decode(Buffer.from([0x61, 0xff, 0x62]))).toBe('a\ufffdb');
});
