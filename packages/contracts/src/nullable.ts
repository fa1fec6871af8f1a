import Type, { type TSchema } from 'typebox';

/** `T` or null, as JSON Schema has it. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}
