import type { Arrow, Room, SystemModel } from './system-model.ts';

/** In pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface PlacedArrow {
  from: string;
  arrow: Arrow;
  /** Of the line, and of its head at the end. */
  line: [x1: number, y1: number, x2: number, y2: number];
  label: { left: number; top: number; align: 'left' | 'center' };
}

export interface Layout {
  width: number;
  height: number;
  rooms: Map<string, Box>;
  /** Of processes and servers, by key. */
  boxes: Map<string, Box>;
  rails: { key: string; x1: number; x2: number; y: number }[];
  arrows: PlacedArrow[];
  /** Where requests come in, by service. */
  entries: { service: string; x: number; y1: number; y2: number }[];
}

/** Narrower than this, there is no room for the diagram. */
export const minWidth = 1_140;

const serverWidth = 212;
const serverHeight = 68;
const roomsLeft = serverWidth + 28;
const roomGap = 16;
const roomTop = 34;
const padding = 12;
const titleHeight = 34;
const columnGap = 60;
const redisHeight = 126;
const upwardGap = 50;
const jobsHeight = 144;
const bandGap = 58;
const railGap = 82;
const laneGap = 14;

/**
 * Places the diagram: hosts beside each other, in each the HTTP process to the left, and to the right its Redis above its jobs process;
 * below them each shared server as a rail under all hosts. An arrow has a lane of its own, so that none covers another: the farther
 * its server, the farther left.
 */
export function layOut({ rooms, shared }: SystemModel, width: number): Layout {
  const roomWidth = (width - roomsLeft - roomGap * (rooms.length - 1)) / rooms.length;
  const columnWidth = (roomWidth - 2 * padding - columnGap) / 2;
  const top = roomTop + titleHeight;
  const bottom = top + redisHeight + upwardGap + jobsHeight;
  const firstRail = bottom + padding + bandGap;
  const railY = (index: number) => firstRail + railGap * index;
  const layout: Layout = {
    width,
    height: railY(Math.max(0, shared.length - 1)) + serverHeight / 2 + 2,
    rooms: new Map(),
    boxes: new Map(),
    rails: shared.map(({ key }, index) => ({ key, x1: serverWidth, x2: width, y: railY(index) })),
    arrows: [],
    entries: [],
  };
  shared.forEach(({ key }, index) => {
    const box = { left: 0, top: railY(index) - serverHeight / 2 };
    layout.boxes.set(key, { ...box, width: serverWidth, height: serverHeight });
  });
  rooms.forEach((room, index) => {
    const left = roomsLeft + index * (roomWidth + roomGap);
    const height = bottom + padding - roomTop;
    layout.rooms.set(room.service, { left, top: roomTop, width: roomWidth, height });
    placeRoom(room, left + padding);
  });
  return layout;

  function placeRoom(room: Room, left: number): void {
    const right = left + columnWidth + columnGap;
    if (room.redis) {
      const box = { left: right, top, width: columnWidth, height: redisHeight };
      layout.boxes.set(room.redis.key, box);
    }
    for (const { key, kind, arrows } of room.processes) {
      const box =
        kind === 'http'
          ? { left, top, width: columnWidth, height: bottom - top }
          : { left: right, top: bottom - jobsHeight, width: columnWidth, height: jobsHeight };
      layout.boxes.set(key, box);
      if (kind === 'http') {
        layout.entries.push({
          ...{ service: room.service, x: left + columnWidth - 26, y1: 4, y2: top - 1 },
        });
      }
      placeLanes(key, box, arrows);
      const local = arrows.find(({ to }) => to === room.redis?.key);
      if (local === undefined) continue;
      const y = top + redisHeight / 2;
      const x = box.left + 22;
      layout.arrows.push(
        kind === 'http'
          ? {
              ...{ from: key, arrow: local, line: [left + columnWidth, y, right - 1, y] },
              label: { left: left + columnWidth + columnGap / 2, top: y + 8, align: 'center' },
            }
          : {
              ...{ from: key, arrow: local, line: [x, box.top, x, top + redisHeight + 1] },
              label: { left: x + 9, top: box.top - upwardGap + 7, align: 'left' },
            },
      );
    }
  }

  function placeLanes(from: string, box: Box, arrows: readonly Arrow[]): void {
    const used = shared.flatMap(({ key }, index) => {
      const arrow = arrows.find(({ to }) => to === key);
      return arrow === undefined ? [] : [{ arrow, y: railY(index) }];
    });
    used.forEach(({ arrow, y }, index) => {
      const x = box.left + 14 + laneGap * (used.length - 1 - index);
      layout.arrows.push({
        ...{ from, arrow, line: [x, box.top + box.height, x, y - 2] },
        label: { left: x + 9, top: y - 43, align: 'left' },
      });
    });
  }
}
