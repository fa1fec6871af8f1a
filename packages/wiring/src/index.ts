export { listenInternally } from './listen-internally.ts';
export { listenPublicly } from './listen-publicly.ts';
export { type OpenProcess, openProcess } from './open-process.ts';
export { probeRedis } from './probe-redis.ts';
