import { expect, test } from 'vitest';
import { ipKey } from './ip-key.ts';

test('an IPv4 address counts as itself', () => {
  expect(ipKey('203.0.113.9')).toBe('203.0.113.9');
});

test('an IPv4 address written as IPv6 counts as what it is', () => {
  expect(ipKey('::ffff:203.0.113.9')).toBe('203.0.113.9');
  expect(ipKey('::FFFF:203.0.113.9')).toBe('203.0.113.9');
});

test.each([
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::'],
  ['2001:db8::1', '2001:db8:0:0::'],
  ['2001:db8::', '2001:db8:0:0::'],
  ['::1', '0:0:0:0::'],
  ['::', '0:0:0:0::'],
  ['1::2:3:4:5:6:7', '1:0:2:3::'],
  ['64:ff9b::203.0.113.9', '64:ff9b:0:0::'],
  ['fe80::1%eth0', 'fe80:0:0:0::'],
])('IPv6 address %s counts as its network %s', (address, network) => {
  expect(ipKey(address)).toBe(network);
});

test('what is no address counts as it is', () => {
  expect(ipKey('not an address')).toBe('not an address');
});
