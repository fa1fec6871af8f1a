import Type, { type TSchema } from 'typebox';
import { nullable } from './nullable.ts';

/** `?limit=1..100&cursor=…`, as every list takes them. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
};

/** `{items, nextCursor}`; the last page has a null cursor. */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), nextCursor: nullable(Type.String()) });
}
