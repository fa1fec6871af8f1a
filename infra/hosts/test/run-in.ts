import { docker } from '../../e2e/src/docker.ts';

/** Runs a program in a process's container, where the servers have their names and its secrets lie; resolves with what it printed. */
export function runIn(container: string, program: string): Promise<string> {
  const imports = `import fs from 'node:fs'; import tls from 'node:tls';`;
  const node = ['node', '--input-type=module', '-e', `${imports} ${program}`];
  return docker(['exec', container, ...node]);
}
