// A service reduced to what the supervisor sees of one: /readyz, SIGTERM, a log. It is told what else to
// do by its environment, and by requests to /exit and /log-error.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const { INTERNAL_PORT, NAME, STOPPED_FILE, REDIS_PORT, EXIT_AT_ONCE, IGNORES_SIGTERM } =
  process.env;

if (EXIT_AT_ONCE) {
  throw new Error('DATABASE_URL must be set');
}

createServer((request, response) => {
  if (request.url === '/exit') process.exit(3);
  if (request.url === '/log-error') {
    console.log(JSON.stringify({ level: 50, msg: 'a batch was lost', err: { message: 'disk' } }));
  }
  response.end(JSON.stringify({ pid: process.pid }));
}).listen(Number(INTERNAL_PORT), '127.0.0.1');

process.on('SIGTERM', () => {
  if (IGNORES_SIGTERM) return;
  const end = (redis: string) => {
    appendFileSync(STOPPED_FILE ?? '/dev/null', `${NAME} found Redis ${redis}\n`);
    process.exit();
  };
  connect(Number(REDIS_PORT), '127.0.0.1')
    .once('connect', () => end('there'))
    .once('error', () => end('gone'));
});
