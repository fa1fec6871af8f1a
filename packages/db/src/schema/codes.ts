import {
  bigint,
  boolean,
  customType,
  index,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from '../drizzle.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Blocks of ready codes that create leases. Made by worker, or by create when there is none. */
export const codeBlocks = pgTable(
  'code_blocks',
  {
    /** Where the block begins in the permuted sequence. */
    firstIndex: bigint('first_index', { mode: 'number' }).primaryKey(),
    codes: text().array().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('code_blocks_created_at_idx').on(table.createdAt)],
);

/** One row: the key of the permutation, made once. Losing it means codes that may repeat. */
export const codeKey = pgTable(
  'code_key',
  { only: boolean().notNull().default(true), key: bytea().notNull() },
  (table) => [primaryKey({ columns: [table.only] })],
);

/** The next block's first index. Steps by a block, so two makers never share one. */
export const codeIndex = pgSequence('code_index', { startWith: 0, minValue: 0, increment: 1000 });
