import { request } from 'node:http';

/** The bytes of an answer's head and body, and the names of its headers, as text to compare. */
export function answerSize(
  origin: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${path}`, { headers, timeout: 5_000 }, (answer) => {
      const head = answer.rawHeaders.join(': ').length;
      const names = answer.rawHeaders.filter((_, index) => index % 2 === 0);
      let body = 0;
      answer.on('data', (chunk: Buffer) => {
        body += chunk.length;
      });
      answer.on('end', () =>
        resolve(
          `${answer.statusCode}, ${head} bytes of head, ${body} of body, ${names
            .map((name) => name.toLowerCase())
            .sort()
            .join(' ')}`,
        ),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(`${origin}${path} does not answer`)));
    sent.on('error', reject);
    sent.end();
  });
}
