import type { FieldError } from '@shortstack/errors';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { fieldErrors } from './field-errors.ts';

export type Validated<T> = { value: T; errors?: never } | { value?: never; errors: FieldError[] };

/**
 * Compiles a schema once into a check, e.g. for the rows of a bulk request that are judged one by one.
 *
 * Changes nothing in the value and fills in no defaults. A value with many faults yields the
 * first few (about eight), so that hostile input costs bounded work.
 */
export function createValidator<T extends TSchema>(
  schema: T,
): (value: unknown) => Validated<Static<T>> {
  const compiled = Compile(schema);
  return (value) =>
    compiled.Check(value)
      ? { value: value as Static<T> }
      : { errors: fieldErrors(compiled.Errors(value)) };
}
