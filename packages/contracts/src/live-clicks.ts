import Type, { type Static } from 'typebox';
import { nullable } from './nullable.ts';

/** A click as its link's owner may see it: nothing in it tells two visitors apart. */
export const LiveClick = Type.Object({
  time: Type.String({ format: 'date-time' }),
  isBot: Type.Boolean(),
  referrer: nullable(Type.String({ description: 'Host of the page that led here' })),
  country: nullable(Type.String({ description: 'ISO 3166' })),
  browser: nullable(Type.String()),
  os: nullable(Type.String()),
  device: nullable(Type.String()),
});
export type LiveClick = Static<typeof LiveClick>;

/** How many clicks one message shows; the rest are a number. */
export const maxLiveClicks = 50;

/** Clicks of one link that were counted in the same moment: a message on the link's channel, and the data of an event of its live stream. */
export const LiveClicks = Type.Object(
  {
    clicks: Type.Array(LiveClick, { maxItems: maxLiveClicks }),
    more: Type.Integer({ minimum: 0, description: 'Counted with these and not shown' }),
  },
  { $id: 'LiveClicks' },
);
export type LiveClicks = Static<typeof LiveClicks>;
