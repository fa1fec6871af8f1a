import { AppError, type FieldError } from '@shortstack/errors';

/** The one error for an input whose fields break a rule that its schema can't express: `invalid` / `VALIDATION_FAILED`. */
export function validationFailed(fields: FieldError[]): AppError {
  const faults = fields.map(({ path, message }) => `${path} ${message}`).join('; ');
  return new AppError('invalid', 'VALIDATION_FAILED', `${faults}.`, { fields });
}
