import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Streams the ids of a run's clicks out of PostgreSQL by COPY, and tells what each one names. */
export async function readIds(
  client: Client,
  runId: string,
  since: Date,
  onId: (thread: number, sequence: number) => void,
): Promise<void> {
  const prefix = `${runId}-`;
  // COPY takes no parameters.
  const stream = client.query(
    copyTo(`COPY (SELECT substr(request_id, ${prefix.length + 1}) FROM clicks
      WHERE clicked_at >= ${client.escapeLiteral(since.toISOString())}
        AND starts_with(request_id, ${client.escapeLiteral(prefix)})) TO STDOUT`),
  );
  let pending = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines = (pending + chunk.toString('latin1')).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const at = line.indexOf('-');
      onId(Number(line.slice(0, at)), Number(line.slice(at + 1)));
    }
  }
}
