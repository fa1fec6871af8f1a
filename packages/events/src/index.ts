export {
  type BroadcastReader,
  type BroadcastReaderOptions,
  createBroadcastReader,
} from './create-broadcast-reader.ts';
export { type Consumer, type ConsumerOptions, createConsumer } from './create-consumer.ts';
export { createNotifier, type Notifier } from './create-notifier.ts';
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
export { createSubscriber, type Subscriber, type SubscriberOptions } from './create-subscriber.ts';
export { createWatchList, type WatchList, type WatchListOptions } from './create-watch-list.ts';
export { type FollowedValue, type FollowValueOptions, followValue } from './follow-value.ts';
export type { EventHandler } from './handle-event.ts';
export type { Listener } from './listener-table.ts';
export type { Lease, Outbox } from './outbox.ts';
export type { GroupLag } from './read-groups.ts';
export type { StreamEvent, WrittenEvent } from './stream-event.ts';
export { streamKeys } from './stream-keys.ts';
