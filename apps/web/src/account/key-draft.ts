import type { CreateApiKeyBody } from '../api/types.ts';

type Scope = CreateApiKeyBody['scopes'][number];
type Expiry = 'never' | '30' | '90' | '365';

/** A key as it is being filled in. */
export interface KeyDraft {
  name: string;
  scopes: Scope[];
  expiry: Expiry;
}

export const scopeChoices: readonly { scope: Scope; label: string; hint: string }[] = [
  { scope: 'links:read', label: 'Read links', hint: 'links:read' },
  { scope: 'links:write', label: 'Create, change and delete links', hint: 'links:write' },
  { scope: 'stats:read', label: 'Read statistics', hint: 'stats:read' },
];

export const expiryChoices: readonly { value: Expiry; label: string }[] = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'never', label: 'Never' },
];

export function draftKey(): KeyDraft {
  return { name: '', scopes: ['links:read', 'links:write'], expiry: '90' };
}

/** What is sent to make it. */
export function keyBody({ name, scopes, expiry }: KeyDraft, nowMs: number): CreateApiKeyBody {
  if (expiry === 'never') return { name, scopes };
  return { name, scopes, expiresAt: new Date(nowMs + Number(expiry) * 86_400_000).toISOString() };
}
