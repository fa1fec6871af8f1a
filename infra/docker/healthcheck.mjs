// The HEALTHCHECK of every service's image: exit code 0 if the process in this container is ready to work.
import { get } from 'node:http';

const request = get(
  { host: '127.0.0.1', port: process.env.INTERNAL_PORT, path: '/readyz', timeout: 3_000 },
  (response) => {
    response.pipe(process.stdout);
    response.once('end', () => process.exit(response.statusCode === 200 ? 0 : 1));
  },
);
request.once('timeout', () => request.destroy(new Error('no answer within 3 s')));
request.once('error', (error) => {
  console.log(error.message);
  process.exit(1);
});
