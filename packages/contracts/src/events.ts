import Type, { type Static } from 'typebox';

/**
 * What happened to links, in one event per transaction (a bulk creation is one event of up to 1,000).
 * `version` is the link's version after the change: whoever holds less must forget it.
 */
export const LinksChanged = Type.Object(
  {
    accountId: Type.String(),
    cause: Type.Optional(
      Type.String({
        description:
          'What changed them where it was no person: `metadata` for what their target pages say of themselves',
      }),
    ),
    links: Type.Array(
      Type.Object({ id: Type.Integer(), slug: Type.String(), version: Type.Integer() }),
    ),
  },
  { $id: 'LinksChanged' },
);
export type LinksChanged = Static<typeof LinksChanged>;

/**
 * The event types of the hub's stream. Their payload is `LinksChanged`. A type keeps its meaning for ever: fields are only added, and
 * optional. What can't be said that way is a new type, such as `link.created.v2`, that is sent beside the old one until nobody reads that.
 */
export const linkEvents = ['link.created', 'link.updated', 'link.deleted'] as const;
export type LinkEventType = (typeof linkEvents)[number];
