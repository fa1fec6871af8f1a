import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false };

const Conditions = Type.Object(
  {
    countries: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { minItems: 1, maxItems: 250 }),
    ),
    devices: Type.Optional(
      Type.Array(
        Type.Union([Type.Literal('desktop'), Type.Literal('mobile'), Type.Literal('tablet')]),
        {
          minItems: 1,
          maxItems: 3,
        },
      ),
    ),
    systems: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 30 }), { minItems: 1, maxItems: 20 }),
    ),
    languages: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z]{2,3}$' }), { minItems: 1, maxItems: 50 }),
    ),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    until: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { ...closed, description: 'All that are given must hold; values of one list are alternatives' },
);

/** Where a visitor goes instead: the first rule whose conditions hold wins; several targets are a weighted split. */
export const LinkRule = Type.Object(
  {
    when: Type.Optional(Conditions),
    targets: Type.Array(
      Type.Object(
        {
          url: Type.String({ minLength: 1, maxLength: 16_384 }),
          weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 1 })),
        },
        closed,
      ),
      { minItems: 1, maxItems: 10 },
    ),
  },
  closed,
);
export type LinkRule = Static<typeof LinkRule>;
