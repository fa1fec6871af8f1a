/**
 * What a check has found. `wrong` keeps something of this project from working, and makes the doctor's exit code 1;
 * a note is worth knowing and may be as it should be.
 *
 * @typedef {{ level: 'wrong' | 'note', what: string, remedy: string }} Finding
 */

/**
 * @param {string} what one sentence
 * @param {string} remedy one sentence
 * @returns {Finding}
 */
export const wrong = (what, remedy) => ({ level: 'wrong', what, remedy });

/**
 * @param {string} what one sentence
 * @param {string} remedy one sentence
 * @returns {Finding}
 */
export const note = (what, remedy) => ({ level: 'note', what, remedy });
