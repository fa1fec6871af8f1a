const sniffedBytes = 1_024;

/**
 * Turns the bytes of an HTML page into text as they come. The encoding is that of the byte order mark, of the `Content-Type` header or of a `meta`
 * element within the first 1,024 bytes, in this order; otherwise UTF-8. What can't be decoded becomes U+FFFD.
 * @see https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
 */
export async function* decodeHtml(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<string> {
  let start = Buffer.alloc(0);
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    if (decoder) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < sniffedBytes) continue;
    decoder = decoderFor(start, contentType);
    yield decoder.decode(start, { stream: true });
  }
  yield decoder ? decoder.decode() : decoderFor(start, contentType).decode(start);
}

function decoderFor(start: Buffer, contentType: string): TextDecoder {
  const label = markOf(start) ?? charsetIn(contentType) ?? metaCharset(start) ?? 'utf-8';
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}

function markOf(start: Buffer): string | undefined {
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  return undefined;
}

function charsetIn(text: string): string | undefined {
  return /charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(text)?.[1];
}

function metaCharset(start: Buffer): string | undefined {
  const tags = start.toString('latin1', 0, sniffedBytes).match(/<meta\s[^>]*>/gi) ?? [];
  const label = tags.map(charsetIn).find((found) => found !== undefined);
  // A page whose tag could be read byte by byte can't be UTF-16.
  return label?.toLowerCase().startsWith('utf-16') ? 'utf-8' : label;
}
