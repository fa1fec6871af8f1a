import Type, { type Static } from 'typebox';
import { LinkRule } from './link-rules.ts';
import { pageOf, pageQuery } from './lists.ts';
import { nullable } from './nullable.ts';
import { Problem } from './problem.ts';

const closed = { additionalProperties: false };

/** What may be said of a link when it is made or changed. */
const linkFields = {
  title: Type.Optional(nullable(Type.String({ maxLength: 300 }))),
  tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 50 }), { maxItems: 20 })),
  expiresAt: Type.Optional(nullable(Type.String({ format: 'date-time' }))),
  maxClicks: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }))),
  password: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 200 }))),
  visibility: Type.Optional(Type.Union([Type.Literal('public'), Type.Literal('private')])),
  status: Type.Optional(
    Type.Union([Type.Literal(301), Type.Literal(302), Type.Literal(307), Type.Literal(308)]),
  ),
  rules: Type.Optional(Type.Array(LinkRule, { maxItems: 20 })),
  forwardQuery: Type.Optional(Type.Boolean()),
};
const Url = Type.String({
  minLength: 1,
  maxLength: 16_384,
  description: 'http or https; 8,192 characters once serialised',
});
const Slug = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,64}$',
  description: '1 to 64 of A–Z a–z 0–9 _ -',
});

export const CreateLinkBody = Type.Object(
  { url: Url, slug: Type.Optional(Slug), ...linkFields },
  closed,
);
export type CreateLinkBody = Static<typeof CreateLinkBody>;

export const UpdateLinkBody = Type.Object(
  { url: Type.Optional(Url), ...linkFields },
  { ...closed, minProperties: 1 },
);
export type UpdateLinkBody = Static<typeof UpdateLinkBody>;

export const Link = Type.Object(
  {
    slug: Type.String(),
    shortUrl: Type.String(),
    url: Type.String(),
    title: nullable(Type.String()),
    description: nullable(Type.String()),
    faviconUrl: nullable(Type.String()),
    tags: Type.Array(Type.String()),
    status: Type.Integer(),
    visibility: Type.String(),
    hasPassword: Type.Boolean(),
    expiresAt: nullable(Type.String({ format: 'date-time' })),
    maxClicks: nullable(Type.Integer()),
    clicks: Type.Integer({
      description: 'Clicks of people; bots and prefetches are in statistics only',
    }),
    rules: Type.Array(LinkRule),
    forwardQuery: Type.Boolean(),
    createdAt: Type.String({ format: 'date-time' }),
    updatedAt: Type.String({ format: 'date-time' }),
  },
  { $id: 'Link' },
);
export type Link = Static<typeof Link>;

/** Rows are checked one by one, so that a bad one spoils no other. */
export const BulkLinksBody = Type.Object(
  { links: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1000 }) },
  closed,
);
export const BulkLinksAnswer = Type.Object({
  results: Type.Array(
    Type.Union([
      Type.Object({ link: Link }),
      Type.Object({ error: Type.Pick(Problem, ['code', 'detail', 'errors']) }),
    ]),
  ),
});

export const LinkParams = Type.Object({ slug: Slug }, closed);

export const QrCodeQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Union([Type.Literal('svg'), Type.Literal('png')], { default: 'svg' }),
    ),
    size: Type.Optional(
      Type.Integer({
        minimum: 128,
        maximum: 2048,
        default: 256,
        description: 'Width and height in pixels',
      }),
    ),
  },
  closed,
);

export const ListLinksQuery = Type.Object(
  {
    q: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'In slug, title or URL' }),
    ),
    tag: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    sort: Type.Optional(
      Type.Union([Type.Literal('newest'), Type.Literal('oldest'), Type.Literal('clicks')], {
        default: 'newest',
      }),
    ),
    ...pageQuery,
  },
  closed,
);
export type ListLinksQuery = Static<typeof ListLinksQuery>;
export const LinkPage = pageOf(Link);
