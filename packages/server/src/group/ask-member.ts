import type { Member } from './keep-member.ts';

/** Below the 2 s after which those who probe a group give up. */
const timeoutMs = 1_500;

export interface MemberAnswer {
  status: number;
  text: string;
}

/** Asks a process of the group through its internal listener; undefined while it starts, or without an answer in time. */
export async function askMember(
  { internalUrl }: Member,
  path: `/${string}`,
): Promise<MemberAnswer | undefined> {
  if (internalUrl === undefined) return undefined;
  try {
    const response = await fetch(`${internalUrl}${path}`, {
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}
