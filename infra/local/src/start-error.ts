/** A reason not to start that the user can remedy. The message is a sentence that says how. */
export class StartError extends Error {}
