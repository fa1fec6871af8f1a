// A service reduced to what the supervisor sees of one: /readyz, SIGTERM, a log. It is told what else to
// do by its environment, and by requests to /exit and /log-error.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { INTERNAL_PORT, NAME, STOPPED_FILE, EXIT_AT_ONCE, IGNORES_SIGTERM } = process.env;

if (EXIT_AT_ONCE) {
  console.error('DATABASE_URL must be set');
  process.exit(2);
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
  appendFileSync(STOPPED_FILE ?? '/dev/null', `${NAME}\n`);
  process.exit();
});
