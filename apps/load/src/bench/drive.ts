import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface Load {
  url: string;
  connections: number;
  seconds: number;
}

export interface Driver {
  /** The tool and its version, for the report. */
  readonly name: string;
  /** Closed loop at full speed over keep-alive connections. Resolves with the number of complete answers. */
  run(load: Load): Promise<number>;
}

/** A browser's, so that the service does what it does for people. */
export const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

/** `wrk` where it is installed, the bundled generator otherwise. A slow generator is the commonest false ceiling. */
export async function findDriver(): Promise<Driver> {
  const version = await promisify(execFile)('wrk', ['-v']).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
  const wrk = /^wrk \S+/.exec(version)?.[0];
  return wrk === undefined ? bundled : { name: wrk, run: runWrk };
}

async function runWrk({ url, connections, seconds }: Load): Promise<number> {
  const arguments_ = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '-H',
    `User-Agent: ${userAgent}`,
    url,
  ];
  const { stdout } = await promisify(execFile)('wrk', arguments_, {
    timeout: (seconds + 20) * 1_000,
  });
  const faults = /Non-2xx or 3xx responses: \d+|Socket errors: .+/.exec(stdout)?.[0];
  if (faults !== undefined) throw new Error(`${url} did not answer as it should. ${faults}`);
  return Number(/(\d+) requests in/.exec(stdout)?.[1] ?? 0);
}

const bundled: Driver = {
  name: 'bundled generator (install wrk for a faster one)',
  run: ({ url, connections, seconds }) =>
    new Promise((resolve, reject) => {
      const program = fileURLToPath(new URL('./generator.ts', import.meta.url));
      const child = spawn(process.execPath, [program, url, `${connections}`, `${seconds}`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      child.on('close', (code) =>
        code === 0 ? resolve(Number(output)) : reject(new Error('the generator failed')),
      );
    }),
};
