// `npm run doctor`: what is wrong with this machine, and what to do about it. It runs under whatever Node the machine has and
// before `node_modules` exists, so: built-ins and the syntax of Node 20 only. Changes nothing.
import { join } from 'node:path';
import { examine } from './doctor/examine.mjs';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

const findings = await examine(root, process.env);
for (const { level, what, remedy } of findings) {
  console.log(`${level === 'wrong' ? '✗' : '·'} ${what}\n  ${remedy}\n`);
}
const wrong = findings.filter(({ level }) => level === 'wrong').length;
console.log(
  wrong === 0
    ? 'Nothing is wrong with this machine.'
    : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong with this machine.`,
);
process.exitCode = wrong === 0 ? 0 : 1;
