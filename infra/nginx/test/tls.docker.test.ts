import { connect as connectHttp2 } from 'node:http2';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { docker } from './docker.ts';
import { exchange } from './http-exchange.ts';
import { startFront } from './start-front.ts';

const front = await startFront();
await front.startStub('create');
await front.startStub('redirect');
const nginx = await front.startNginx();
const certificate = await docker('exec', nginx.container, 'cat', '/etc/nginx/tls/certificate.pem');

/** Connects as to `localhost` and trusts the generated certificate alone. */
function connectTls(origin: string, version: SecureVersion): Promise<TLSSocket> {
  const { hostname: host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        host,
        port: Number(port),
        servername: 'localhost',
        ca: certificate,
        minVersion: version,
        maxVersion: version,
        // Without this OpenSSL itself would not offer the old versions.
        ciphers: 'DEFAULT@SECLEVEL=0',
      },
      () => resolve(socket),
    );
    socket.once('error', reject);
  });
}

/** One request over HTTP/2. */
function get(origin: string, authority: string): Promise<{ headers: object; text: string }> {
  const session = connectHttp2(origin, { ca: certificate, servername: 'localhost' });
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    const stream = session.request({ ':path': '/slug', ':authority': authority });
    let headers = {};
    let text = '';
    stream.once('response', (received) => {
      headers = received;
    });
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    stream.once('error', reject);
    stream.once('end', () => {
      session.close();
      resolve({ headers, text });
    });
  });
}

const origins = [nginx.appTlsOrigin, nginx.shortTlsOrigin];

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  '%s works with the generated certificate',
  async (version) => {
    for (const origin of origins) {
      const socket = await connectTls(origin, version);
      expect(socket.getProtocol()).toBe(version);
      expect(socket.authorized).toBe(true);
      expect(socket.getCipher().name).toMatch(/GCM|CHACHA20/);
      socket.destroy();
    }
  },
);

test.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused', async (version) => {
  for (const origin of origins) {
    await expect(connectTls(origin, version)).rejects.toThrow(/protocol version|ECONNRESET/);
  }
});

test('HTTP/2 is spoken, and services are told that the client came over TLS', async () => {
  for (const origin of origins) {
    const { text } = await get(origin, 'short.test');
    expect(JSON.parse(text).headers).toMatchObject({
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'short.test',
      'x-forwarded-for': front.gateway,
    });
  }
});

test('browsers are told to stay with TLS, save at localhost', async () => {
  for (const origin of origins) {
    const { headers } = await get(origin, 'short.test');
    expect(headers).toHaveProperty('strict-transport-security', 'max-age=31536000');
    const local = await get(origin, 'localhost:8443');
    expect(local.headers).not.toHaveProperty('strict-transport-security');
  }
});

test('plain HTTP at a TLS port is refused with a problem document', async () => {
  const answer = await exchange(nginx.shortTlsOrigin.replace('https', 'http'));
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ code: 'HTTP_MALFORMED' });
});

test('a certificate that is there is kept', async () => {
  await docker('restart', nginx.container);
  const again = await docker('exec', nginx.container, 'cat', '/etc/nginx/tls/certificate.pem');
  expect(again).toBe(certificate);
});
