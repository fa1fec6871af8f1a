/** Run by a process of its own: opens servers, and prints what they are and which files of Testcontainers that has loaded. */
import { createRequire } from 'node:module';
import { openServers } from '../src/index.ts';

const { backend, description } = await openServers();
const loaded = Object.keys(createRequire(import.meta.url).cache);
const containers = loaded.filter((file) => file.includes('/testcontainers/'));
console.log(JSON.stringify({ backend, description, containers }));
