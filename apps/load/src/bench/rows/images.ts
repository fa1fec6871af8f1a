import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Figure } from '../figure.ts';
import type { Row } from '../row.ts';

const services = ['create', 'redirect', 'worker'];
const base = 'node:26-trixie-slim';
const mebibyte = 2 ** 20;

/** How much the services' images add to the image of Node that they stand on. */
export const images: Row = {
  name: 'images',
  title: 'Size of each service’s image above the Node base image (built ones; needs Docker)',
  seconds: 2,
  async run() {
    const baseSize = await sizeOf(base);
    const prefix = process.env.IMAGE_PREFIX ?? 'shortstack';
    const version = process.env.VERSION ?? 'dev';
    return Promise.all(
      services.map(async (service): Promise<Figure> => {
        const name = `image of ${service} above ${base}`;
        const size = await sizeOf(`${prefix}/${service}:${version}`);
        if (baseSize === undefined || size === undefined) {
          const missing = baseSize === undefined ? base : `${prefix}/${service}:${version}`;
          return { name, unit: 'MiB', notMeasurable: `no Docker, or it has no ${missing}` };
        }
        return {
          name,
          unit: 'MiB',
          value: (size - baseSize) / mebibyte,
          target: { of: 'value', bound: 'at most', limit: 90 },
        };
      }),
    );
  },
};

/** In bytes; undefined if Docker does not answer or does not have it. */
async function sizeOf(image: string): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      'docker',
      ['image', 'inspect', '--format', '{{.Size}}', image],
      { timeout: 10_000 },
    );
    return Number(stdout);
  } catch {
    return undefined;
  }
}
