/** A reason not to rename that the user can remedy. The message says how. */
export class RenameError extends Error {}
