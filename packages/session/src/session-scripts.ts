import { readFileSync } from 'node:fs';
import { defineScript } from '@shortstack/redis';

function load(name: string) {
  return defineScript({
    name,
    lua: readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8'),
  });
}

/** Each change of more than one key, or that depends on what is stored, is one script. Their headers say the rest. */
export const sessionScripts = {
  create: load('create-session'),
  touch: load('touch-session'),
  prolong: load('prolong-session'),
  update: load('update-session'),
  rotate: load('rotate-session'),
  end: load('end-session'),
  redeemCode: load('redeem-code'),
  endAll: load('end-all-sessions'),
};
