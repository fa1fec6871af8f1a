import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Program, startProgram } from './start-program.ts';

/** Starts nginx with one worker that answers 302 to everything, in a directory of its own; undefined where it is not installed. */
export async function startNginx(): Promise<Program | undefined> {
  const command = await findNginx();
  if (command === undefined) return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-bench-nginx-'));
  try {
    const file = join(directory, 'nginx.conf');
    const program = await startProgram({
      command,
      prepare: (port) => writeFile(file, config(directory, port)),
      arguments: () => ['-p', directory, '-e', join(directory, 'error.log'), '-c', file],
      readyPath: '/',
      signal: 'SIGQUIT',
    });
    return {
      ...program,
      async stop() {
        await program.stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Its version too: for the report. */
export async function nginxVersion(): Promise<string | undefined> {
  const command = await findNginx();
  if (command === undefined) return undefined;
  const { stderr } = await promisify(execFile)(command, ['-v']);
  return /nginx\/\S+/.exec(stderr)?.[0];
}

/** Debian keeps it where only root's PATH leads. */
async function findNginx(): Promise<string | undefined> {
  for (const command of ['nginx', '/usr/sbin/nginx']) {
    const isThere = await promisify(execFile)(command, ['-v']).then(
      () => true,
      () => false,
    );
    if (isThere) return command;
  }
  return undefined;
}

function config(directory: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join('\n  ');
  return `daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 100000000;
  ${temporary}
  server {
    listen 127.0.0.1:${port};
    location / { return 302 https://example.com/a/rather/usual/path?with=a&query=too; }
  }
}
`;
}
