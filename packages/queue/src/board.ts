export {
  type BoardQueue,
  createQueueBoard,
  type QueueBoard,
  type QueueBoardOptions,
} from './create-queue-board.ts';
