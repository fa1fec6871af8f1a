/**
 * Clicks of one moment, on their way from a redirect process to the count. `bootId` (random for each
 * start of a process) and `sequence` (1, 2, 3 …) name a batch for ever: it may arrive twice, late or
 * out of order, and counts once.
 */
export interface ClickBatch {
  bootId: string;
  sequence: number;
  /** See `appendClick`. */
  payload: string;
  /** Trace context of its writing, where that is traced. */
  traceparent?: string | undefined;
}

/** What is kept of one request: raw strings only. Everything derived is worked out in redirect-jobs. */
export interface RawClick {
  /** Milliseconds since the epoch. */
  clickedAt: number;
  linkId: number;
  requestId: string;
  address: string;
  isPrefetch: boolean;
  userAgent: string;
  referrer: string;
  /** ISO 3166 code from `COUNTRY_HEADER`, or empty. */
  country: string;
}

const maxUserAgentLength = 512;
const maxReferrerLength = 1024;

/**
 * Appends a click to a payload (`parseClicks` reads it): eight fields, each ended by a line feed. No escaping is needed, since
 * no value of an HTTP header can hold a line feed; over-long values are cut.
 */
export function appendClick(payload: string, click: RawClick): string {
  const { userAgent, referrer } = click;
  return `${payload}${click.clickedAt}\n${click.linkId}\n${click.requestId}\n${click.address}\n${click.isPrefetch ? 1 : 0}\n${
    userAgent.length > maxUserAgentLength ? userAgent.slice(0, maxUserAgentLength) : userAgent
  }\n${referrer.length > maxReferrerLength ? referrer.slice(0, maxReferrerLength) : referrer}\n${click.country}\n`;
}
