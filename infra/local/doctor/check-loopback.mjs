import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import { wrong } from './finding.mjs';

/** Whether `localhost` and 127.0.0.1 lead to this machine. */
export async function checkLoopback() {
  const addresses = await lookup('localhost', { all: true }).catch(() => []);
  const names = addresses.map(({ address }) => address);
  const findings = [];
  if (!names.includes('127.0.0.1') || names.some((name) => !/^(127\.|::1$)/.test(name))) {
    findings.push(
      wrong(
        `localhost is ${names.join(', ') || 'unknown'}, and should be 127.0.0.1 (and may be ::1).`,
        'Write the line `127.0.0.1 localhost` in /etc/hosts.',
      ),
    );
  }
  if (!(await canListen())) {
    findings.push(
      wrong(
        'No program can listen on 127.0.0.1.',
        'Bring the loopback interface up: `ip link set lo up`.',
      ),
    );
  }
  return findings;
}

/** @returns {Promise<boolean>} */
function canListen() {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port: 0, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}
