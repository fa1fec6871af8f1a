export {
  AppError,
  type AppErrorOptions,
  type ErrorKind,
  type FieldError,
  unavailable,
} from './app-error.ts';
