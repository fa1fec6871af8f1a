/** A click as it stands in a payload. */
export interface ParsedClick {
  /** Milliseconds since the epoch. */
  clickedAt: number;
  linkId: number;
  requestId: string;
  address: string;
  /** Prefetch, user agent, referrer and country, a line each: what many clicks have in common. See `createProfileReader`. */
  profile: string;
}

/**
 * The clicks of a payload. Throws a RangeError on anything that `appendClick` does not make.
 * It looks for line ends instead of splitting: that takes half the time and half the memory.
 */
export function parseClicks(payload: string): ParsedClick[] {
  const clicks: ParsedClick[] = [];
  let at = 0;
  const endOfLine = () => {
    const end = payload.indexOf('\n', at);
    if (end === -1) throw new RangeError('a click batch is cut short');
    at = end + 1;
    return end;
  };
  while (at < payload.length) {
    const start = at;
    const timeEnd = endOfLine();
    const linkEnd = endOfLine();
    const requestEnd = endOfLine();
    const addressEnd = endOfLine();
    endOfLine();
    endOfLine();
    endOfLine();
    const profileEnd = endOfLine();
    const clickedAt = Number(payload.slice(start, timeEnd));
    const linkId = Number(payload.slice(timeEnd + 1, linkEnd));
    if (
      !Number.isSafeInteger(clickedAt) ||
      !Number.isSafeInteger(linkId) ||
      requestEnd === linkEnd + 1
    ) {
      throw new RangeError(`click ${clicks.length} of a batch is not a click`);
    }
    clicks.push({
      clickedAt,
      linkId,
      requestId: payload.slice(linkEnd + 1, requestEnd),
      address: payload.slice(requestEnd + 1, addressEnd),
      profile: payload.slice(addressEnd + 1, profileEnd),
    });
  }
  return clicks;
}
