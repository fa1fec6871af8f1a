export {
  type BroadcastReader,
  type BroadcastReaderOptions,
  createBroadcastReader,
} from './create-broadcast-reader.ts';
export { type Consumer, type ConsumerOptions, createConsumer } from './create-consumer.ts';
export {
  createOutboxRelay,
  type OutboxRelay,
  type OutboxRelayOptions,
} from './create-outbox-relay.ts';
export {
  createPublisher,
  type PublishedBatch,
  type Publisher,
  type PublisherOptions,
} from './create-publisher.ts';
export type { EventHandler } from './handle-event.ts';
export type { Lease, Outbox } from './outbox.ts';
export type { GroupLag } from './read-groups.ts';
export type { StreamEvent } from './stream-event.ts';
export { streamKeys } from './stream-keys.ts';
