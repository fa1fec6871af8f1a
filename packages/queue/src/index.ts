export {
  createProducer,
  type NewJob,
  type Producer,
  type ProducerOptions,
} from './create-producer.ts';
export {
  createQueueWorker,
  type QueueWorker,
  type QueueWorkerOptions,
} from './create-queue-worker.ts';
export type { DeadLetter } from './dead-letters.ts';
export {
  defineJob,
  defineQueue,
  type JobData,
  type JobDefinition,
  type JobMap,
  type JobName,
  type QueueDefinition,
} from './define-queue.ts';
export { permanent } from './permanent.ts';
export type { QueueStats } from './read-stats.ts';
export type { Schedule } from './reconcile-schedules.ts';
export type { JobContext, JobHandlers } from './run-job.ts';
