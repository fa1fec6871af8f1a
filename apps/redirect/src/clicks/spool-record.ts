import { crc32 } from 'node:zlib';
import type { ClickBatch } from './click-batch.ts';

/** A batch as it lies in a spool segment: a head line (boot id, sequence, bytes, CRC-32, any trace context) and the payload. */
export function encodeRecord({ bootId, sequence, payload, traceparent }: ClickBatch): Buffer {
  const body = Buffer.from(payload);
  const trace = traceparent === undefined ? '' : ` ${traceparent}`;
  const head = `${bootId} ${sequence} ${body.length} ${crc32(body)}${trace}\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/**
 * The whole records of a segment, in order. Reading stops at the first one that is cut short or damaged:
 * its writer died before it was acknowledged. `isTorn` says that there was such a rest.
 */
export function decodeRecords(segment: Buffer): { batches: ClickBatch[]; isTorn: boolean } {
  const batches: ClickBatch[] = [];
  let at = 0;
  while (at < segment.length) {
    const endOfHead = segment.indexOf(10, at);
    if (endOfHead === -1) return { batches, isTorn: true };
    const [bootId = '', sequence, length, checksum, traceparent] = segment
      .toString('latin1', at, endOfHead)
      .split(' ');
    const body = segment.subarray(endOfHead + 1, endOfHead + 1 + Number(length));
    if (body.length !== Number(length) || crc32(body) !== Number(checksum))
      return { batches, isTorn: true };
    const batch = { bootId, sequence: Number(sequence), payload: body.toString() };
    batches.push(traceparent === undefined ? batch : { ...batch, traceparent });
    at = endOfHead + 1 + body.length;
  }
  return { batches, isTorn: false };
}
