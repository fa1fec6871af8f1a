/** What is open, in all files of the worker. */
export const opened = new Set<string>();
