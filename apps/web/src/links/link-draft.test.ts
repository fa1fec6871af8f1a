import { expect, test } from 'vitest';
import type { Link } from '../api/types.ts';
import { bodyOf, changesOf, draftOf, emptyDraft } from './link-draft.ts';

const link: Link = {
  slug: 'sale',
  shortUrl: 'https://sho.rt/sale',
  url: 'https://example.com/sale',
  title: null,
  description: null,
  faviconUrl: null,
  tags: ['spring', 'shop'],
  status: 302,
  visibility: 'public',
  hasPassword: false,
  expiresAt: '2030-01-02T03:04:00.000Z',
  maxClicks: null,
  clicks: 3,
  rules: [],
  forwardQuery: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

test('what was left empty is not sent', () => {
  expect(bodyOf({ ...emptyDraft, url: ' https://example.com/a ' })).toEqual({
    url: 'https://example.com/a',
  });
});

test('all that was filled in is sent', () => {
  const draft = {
    ...emptyDraft,
    url: 'https://example.com',
    slug: 'mine',
    title: 'A title',
    tags: ' a, b ,,a',
    maxClicks: '10',
    password: 'secret',
    isPrivate: true,
  };
  expect(bodyOf(draft)).toEqual({
    url: 'https://example.com',
    slug: 'mine',
    title: 'A title',
    tags: ['a', 'b'],
    maxClicks: 10,
    password: 'secret',
    visibility: 'private',
  });
});

test.each([
  ['example.com/page', 'https://example.com/page'],
  ['localhost:3000/page', 'https://localhost:3000/page'],
  ['http://example.com', 'http://example.com'],
  ['HTTPS://example.com', 'HTTPS://example.com'],
  ['mailto:someone@example.com', 'mailto:someone@example.com'],
])('%s is sent as %s', (given, sent) => {
  expect(bodyOf({ ...emptyDraft, url: given }).url).toBe(sent);
});

test('a link that is left as it was changes nothing', () => {
  expect(changesOf(link, draftOf(link))).toBeNull();
});

test('a change is what differs, and emptying a field takes it away', () => {
  const draft = { ...draftOf(link), title: 'New', expiresAt: '', tags: 'shop', isPrivate: true };
  expect(changesOf(link, draft)).toEqual({
    title: 'New',
    expiresAt: null,
    tags: ['shop'],
    visibility: 'private',
  });
});

test('a password is set, or taken away', () => {
  expect(changesOf(link, { ...draftOf(link), password: 'new' })).toEqual({ password: 'new' });
  expect(changesOf(link, { ...draftOf(link), removesPassword: true })).toEqual({ password: null });
});
