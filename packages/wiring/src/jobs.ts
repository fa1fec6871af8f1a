export { openQueue } from './open-queue.ts';
export { type OpenBoard, queueBoard } from './queue-board.ts';
