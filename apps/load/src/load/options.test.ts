import { expect, it } from 'vitest';
import { parseOptions } from './options.ts';

it.each([
  ['--threads 1.5', '--threads is a whole number from 1 to 64'],
  ['--connections 2.5', 'whole number'],
  ['--links 0', 'whole number'],
  ['--rate x', '--rate is a number'],
  ['--rate=', '--rate is a number'],
  ['--keys zipf:1000', 'zipf:EXPONENT'],
  ['--keys hot:10', 'hot:KEYS:SHARE'],
  ['--slugs ,', '--slugs names no slug'],
  ['--slugs a --seeded 5', 'exclude each other'],
  ['--connections 5 --ramp 3', '--ramp needs --rate'],
  ['--rate 5 --duration 2 --ramp 3', 'at most as long'],
  ['--scenario launch-spike --connections 5', 'say --rate as well'],
  ['--scenario launch-spike --ramp 5', 'its own shape'],
  ['--scenario nothing', 'There are: launch-spike'],
  ['--user-agent=a\nb', 'a line of ASCII'],
  ['--nonsense', 'nonsense'],
])('refuses %s', (line, reason) => {
  expect(() => parseOptions(line.split(' '))).toThrow(reason);
});

it('slugs stand in the path as they must', () => {
  expect(parseOptions(['--slugs', 'a,b c/é']).slugs).toEqual(['a', 'b%20c%2F%C3%A9']);
});
