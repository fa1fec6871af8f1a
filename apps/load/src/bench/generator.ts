import { connect } from 'node:net';
import { userAgent } from './drive.ts';

/**
 * A closed-loop load generator in a process of its own: `generator.ts URL CONNECTIONS SECONDS`. Each connection sends
 * its next request when the answer to the last is complete. Prints the number of complete answers. Fails
 * on any status but 302 and on any broken connection.
 */
const [url = '', connections = '64', seconds = '5'] = process.argv.slice(2);
const { hostname, port, pathname, host } = new URL(url);
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${userAgent}\r\n\r\n`;
const endsAt = Date.now() + Number(seconds) * 1_000;
let answers = 0;

function loop(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let pending = '';
    socket.on('connect', () => socket.write(request));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      if (!pending.endsWith('\r\n\r\n')) return;
      if (!pending.startsWith('HTTP/1.1 302')) {
        reject(new Error(`unexpected answer: ${pending.slice(0, 60)}`));
        return;
      }
      pending = '';
      answers += 1;
      if (Date.now() < endsAt) socket.write(request);
      else socket.end(() => resolve());
    });
  });
}

await Promise.all(Array.from({ length: Number(connections) }, loop));
console.log(answers);
