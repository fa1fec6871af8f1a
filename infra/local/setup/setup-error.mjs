/** Something that the user can remedy. The message is one sentence that says how. */
export class SetupError extends Error {}
