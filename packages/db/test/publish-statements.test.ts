import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { createTestDatabase } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../src/index.ts';

interface Message {
  statement: string;
  error?: { message: string };
}

/** Runs `work` and returns what was told meanwhile, each beginning with the caller's name. */
async function told(work: (calling: AsyncLocalStorage<string>) => Promise<unknown>) {
  const calling = new AsyncLocalStorage<string>();
  const lines: string[] = [];
  const channel = tracingChannel<object, Message>('shortstack:postgres');
  const handlers = {
    start: ({ statement }: Message) => void lines.push(`${calling.getStore()}: ${statement}`),
    asyncEnd({ statement, error }: Message) {
      lines.push(`end of ${statement}${error === undefined ? '' : `: ${error.message}`}`);
    },
  };
  channel.subscribe(handlers as never);
  await work(calling);
  channel.unsubscribe(handlers as never);
  return lines;
}

const { ownerUrl } = await createTestDatabase({ migrated: false });

function open() {
  const database = createDatabase({ url: ownerUrl, applicationName: 'test', maxConnections: 1 });
  onTestFinished(() => database.close());
  return database;
}

test('a statement is told by its name or its first word, with how it ended', async () => {
  const { pool } = open();
  const lines = await told(async () => {
    await pool.query({ name: 'one', text: 'SELECT 1' });
    await pool.query(' select 1/$1::int', [0]).catch(() => {});
    const client = await pool.connect();
    await client.query('BEGIN');
    client.release(true);
  });
  expect(lines).toEqual([
    ...['undefined: one', 'end of one'],
    ...['undefined: SELECT', 'end of SELECT: division by zero'],
    ...['undefined: BEGIN', 'end of BEGIN'],
  ]);
});

test('who had to wait for a connection is told as the caller, not who gave it back', async () => {
  const { pool } = open();
  const lines = await told((calling) =>
    Promise.all(
      ['ann', 'bob', 'eve'].map((name) => calling.run(name, () => pool.query('SELECT 1'))),
    ),
  );
  const starts = lines.filter((line) => !line.startsWith('end'));
  expect(starts).toEqual(['ann: SELECT', 'bob: SELECT', 'eve: SELECT']);
});

test('while nobody listens nothing changes', async () => {
  const { pool } = open();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
