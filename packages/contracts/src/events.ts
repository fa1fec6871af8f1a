import Type, { type Static, type TSchema } from 'typebox';

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

export type LinkEventType = 'link.created' | 'link.updated' | 'link.deleted';

/** An event type of the hub's stream. */
export interface EventDefinition {
  summary: string;
  /** With an `$id`. */
  payload: TSchema & { $id?: string };
  example: unknown;
}

const linksChanged = {
  payload: LinksChanged,
  example: {
    accountId: '0f7ce1c2-6c5e-4f0e-9a63-0c8f2b5d9a11',
    links: [{ id: 42, slug: 'aZ3kQ9x', version: 3 }],
  },
};

/**
 * The event types of the hub's stream. A type keeps its meaning for ever: fields are only added, and
 * optional. What can't be said that way is a new type, such as `link.created.v2`, that is sent beside the old one until nobody reads that.
 */
export const eventTypes: Record<LinkEventType, EventDefinition> & Record<string, EventDefinition> =
  {
    'link.created': { summary: 'Links were created', ...linksChanged },
    'link.updated': {
      summary: 'Links were changed, by their owner or with what their target pages say',
      ...linksChanged,
    },
    'link.deleted': { summary: 'Links were deleted', ...linksChanged },
    // `turbo gen event` adds events above this line.
  };
