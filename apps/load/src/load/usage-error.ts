/** The command line asks for something that can't be; the message tells what. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
