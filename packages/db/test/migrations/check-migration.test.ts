import { expect, test } from 'vitest';
import { checkMigration, statementsOf } from './check-migration.ts';

const check = (...statements: string[]) =>
  checkMigration('0009_example', statements.join('\n--> statement-breakpoint\n'));

test.for([
  'CREATE TABLE notes (id bigint PRIMARY KEY, link_id bigint NOT NULL REFERENCES links)',
  'ALTER TABLE links ADD COLUMN note text',
  `ALTER TABLE links ADD COLUMN note text NOT NULL DEFAULT ''`,
  `ALTER TABLE links ADD COLUMN noted_at timestamptz NOT NULL DEFAULT now()`,
  `ALTER TABLE links ADD COLUMN notes text[] NOT NULL DEFAULT '{}'::text[]`,
  `ALTER TABLE links ALTER COLUMN title SET DEFAULT ''`,
  'ALTER TABLE links VALIDATE CONSTRAINT links_note_check',
  'CREATE FUNCTION note() RETURNS text LANGUAGE sql AS $$ SELECT 1 $$',
  'GRANT SELECT (note) ON links TO shortstack_redirect',
  'CREATE SEQUENCE note_number',
])('what only expands is let through: %s', async (statement) => {
  expect(await check(statement)).toEqual([]);
});

test('what a migration has made itself is its own to change', async () => {
  const faults = await check(
    'CREATE TABLE notes (id bigint, note text)',
    'CREATE UNIQUE INDEX notes_key ON notes (id)',
    'ALTER TABLE notes ALTER COLUMN note SET NOT NULL, ADD CHECK (id > 0)',
    `INSERT INTO notes VALUES (1, 'one')`,
    'CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$',
    'REVOKE ALL ON FUNCTION note() FROM PUBLIC',
    'CREATE TRIGGER noted BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note()',
    'GRANT CREATE ON SCHEMA public TO shortstack_worker',
    'REVOKE CREATE ON SCHEMA public FROM shortstack_worker',
  );
  expect(faults).toEqual([]);
});

test.for([
  ['DROP TABLE link_months', 'may use what is dropped'],
  ['DROP FUNCTION ensure_day_partition', 'may use what is dropped'],
  ['DROP TRIGGER links_keep_account ON links', 'may use what is dropped'],
  ['ALTER TABLE links DROP COLUMN title', 'may read or write the column'],
  ['ALTER TABLE links RENAME COLUMN title TO name', 'know the old name'],
  ['ALTER TABLE links RENAME TO urls', 'know the old name'],
  ['ALTER TABLE links ADD COLUMN note text NOT NULL', 'don’t fill the column'],
  ['ALTER TABLE links ALTER COLUMN title DROP NOT NULL', 'may not expect to read NULL'],
  ['ALTER TABLE links ALTER COLUMN status DROP DEFAULT', 'may leave the column out'],
  ['ALTER TABLE links DROP CONSTRAINT links_status_check', 'may rely on the constraint'],
  ['ALTER TABLE links ADD CHECK (id > 0) NOT VALID', 'may write what it forbids'],
  ['ALTER TABLE links OWNER TO shortstack_create', 'loses its rights'],
  ['REVOKE SELECT ON links FROM shortstack_redirect', 'may need the grant'],
])(
  'what goes away needs the version since which nothing uses it: %s',
  async ([statement = '', because]) => {
    expect(await check(statement)).toEqual([
      expect.stringMatching(new RegExp(`^0009_example: .*${because}.*contract since <tag`)),
    ]);
    expect(await check(`-- contract since 0007: nothing reads it.\n${statement}`)).toEqual([]);
    expect(await check(`-- contract since v1.3.0: nothing reads it.\n${statement}`)).toEqual([]);
    expect(await check(`-- contract since 0009: nothing reads it.\n${statement}`)).toEqual([
      expect.stringContaining('which is not older than this migration'),
    ]);
    expect(await check(`-- contract since 0007:\n${statement}`)).toHaveLength(1);
  },
);

test.for([
  ['CREATE INDEX links_title_idx ON links (title)', 'write IF NOT EXISTS'],
  ['CREATE INDEX IF NOT EXISTS links_title_idx ON links (title)', 'is small, or'],
  ['ALTER TABLE links ADD COLUMN note uuid DEFAULT gen_random_uuid()', 'written anew'],
  ['ALTER TABLE links ADD COLUMN note bigint GENERATED ALWAYS AS IDENTITY', 'written anew'],
  ['CREATE OR REPLACE FUNCTION note() RETURNS text LANGUAGE sql AS $$ SELECT 1 $$', 'the same'],
  ['CREATE TRIGGER t BEFORE INSERT ON links FOR EACH ROW EXECUTE FUNCTION f()', 'pass the trigger'],
  [`UPDATE links SET title = ''`, 'in a job'],
  ['DO $$ BEGIN END $$', 'not known'],
])('what may be harmless has to say why: %s', async ([statement = '', because]) => {
  expect(await check(statement)).toEqual([expect.stringMatching(`${because}.*-- safe: <why>`)]);
  expect(await check(`-- safe: the table is small.\n${statement}`)).toEqual([]);
});

test.for([
  ['ALTER TABLE links ALTER COLUMN title SET NOT NULL', 'may write NULL'],
  ['ALTER TABLE links ALTER COLUMN status TYPE integer', 'know the old type'],
  ['ALTER TABLE links ADD CHECK (id > 0)', 'may write what it forbids'],
  ['ALTER TABLE links ADD COLUMN note text CHECK (id > 0)', 'don’t know the constraint'],
  ['CREATE UNIQUE INDEX IF NOT EXISTS links_title_key ON links (title)', 'not unique'],
])('what does both needs both: %s', async ([statement = '', because = '']) => {
  const faults = await check(statement);
  expect(faults).toEqual([expect.stringContaining(because), expect.stringContaining('-- safe:')]);
  const marked = `-- contract since 0007: so it is.\n-- safe: the table is small.\n${statement}`;
  expect(await check(marked)).toEqual([]);
});

test.for([
  ['CREATE INDEX CONCURRENTLY links_title_idx ON links (title)', 'IF NOT EXISTS'],
  ['COMMIT', 'one transaction'],
])('what can’t be in a transaction is refused: %s', async ([statement = '', because = '']) => {
  const marked = `-- contract since 0007: so it is.\n-- safe: so it is.\n${statement}`;
  expect(await check(marked)).toEqual([expect.stringContaining(because)]);
});

test('a mark is for the statement after it alone', async () => {
  const [first, second] = ['-- contract since 0007: unused.\nDROP TABLE a', 'DROP TABLE b'];
  expect(await check(first, second)).toEqual([expect.stringContaining('DROP TABLE b')]);
});

test('a migration that differs in comments and spaces says the same', async () => {
  const one = await statementsOf('CREATE TABLE a (b int);');
  expect(await statementsOf('-- Why.\nCREATE  TABLE a (b int)')).toEqual(one);
  expect(await statementsOf('CREATE TABLE a (c int)')).not.toEqual(one);
});
