import type { AppServer } from '@shortstack/server';

/** In this scope bodies are forms alone, and what they carry is text. */
export function acceptForms(app: AppServer): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 16_384 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );
}
