import { hostname } from 'node:os';

/**
 * Where other services reach this process's internal listener: what ADVERTISE_URL says, else this host's name, which
 * is right for containers that share a network (each resolves the others by container id), and INTERNAL_PORT.
 */
export function advertisedUrl(config: {
  readonly ADVERTISE_URL?: string;
  readonly INTERNAL_PORT: number;
}): string {
  return config.ADVERTISE_URL ?? `http://${hostname()}:${config.INTERNAL_PORT}`;
}
