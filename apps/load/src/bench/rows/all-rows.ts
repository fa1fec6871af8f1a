import type { Row } from '../row.ts';
import { hotRedirect } from './hot-redirect.ts';

/** In the order in which they run: what needs a young stack first, what fills the database last. */
export const allRows: readonly Row[] = [hotRedirect];
