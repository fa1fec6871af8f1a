/**
 * Vitest runs this before each test file, also where the files of a worker share their modules: what the file opened is
 * closed after it. As the first `afterAll` to be registered it is the last to run.
 */
import { afterAll } from 'vitest';
import { closeAll } from './close-after-file.ts';

afterAll(closeAll);
