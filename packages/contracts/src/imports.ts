import Type, { type Static } from 'typebox';
import { pageOf, pageQuery } from './lists.ts';
import { nullable } from './nullable.ts';

const closed = { additionalProperties: false };

export const ImportAccepted = Type.Object({ id: Type.String({ format: 'uuid' }) });

export const ImportParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, closed);

/** Pages through the rejected rows. */
export const ImportQuery = Type.Object(pageQuery, closed);
export type ImportQuery = Static<typeof ImportQuery>;

const RejectedRow = Type.Object({
  line: Type.Integer({ description: 'Where the row begins in the file, from 1' }),
  code: Type.String(),
  detail: Type.String(),
});
export type RejectedRow = Static<typeof RejectedRow>;

/** `imported` + `rejected` = `rows` once it is done. */
export const ImportProgress = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    status: Type.Union([
      Type.Literal('receiving'),
      Type.Literal('importing'),
      Type.Literal('done'),
    ]),
    rows: nullable(Type.Integer({ description: 'Null until the whole file has arrived' })),
    imported: Type.Integer(),
    rejected: Type.Integer(),
    rejectedRows: pageOf(RejectedRow),
    createdAt: Type.String({ format: 'date-time' }),
    finishedAt: nullable(Type.String({ format: 'date-time' })),
  },
  { $id: 'ImportProgress' },
);
export type ImportProgress = Static<typeof ImportProgress>;

export const ExportQuery = Type.Object(
  { format: Type.Union([Type.Literal('csv'), Type.Literal('json')], { default: 'csv' }) },
  closed,
);
