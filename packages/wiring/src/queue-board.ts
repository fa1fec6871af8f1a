import { queueBoardPath } from '@shortstack/contracts';
import { createQueueBoard, type QueueBoard, type QueueBoardOptions } from '@shortstack/queue/board';
import type { OpenProcess } from './open-process.ts';

/** Opens the board of a process's queues, for those whom `authorize` lets through. */
export type OpenBoard = (authorize: QueueBoardOptions['authorize']) => QueueBoard;

/** For `listenInternally`: the board of the queues on the Redis server at `url`. */
export function queueBoard(
  { service, tls }: OpenProcess,
  url: string,
  queues: QueueBoardOptions['queues'],
): OpenBoard {
  return (authorize) =>
    createQueueBoard({
      ...{ url, tls, service, queues, authorize },
      basePath: queueBoardPath(service),
    });
}
