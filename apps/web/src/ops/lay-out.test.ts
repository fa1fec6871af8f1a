import { expect, test } from 'vitest';
import { type Box, layOut, minWidth } from './lay-out.ts';
import type { Arrow, ProcessNode, SystemModel } from './system-model.ts';

const arrow = (to: string): Arrow => ({ to, rate: 1, state: 'well', text: 'closed', note: null });
const process = (key: string, kind: 'http' | 'jobs', ...uses: string[]): ProcessNode => ({
  ...{ key, kind, count: 1, state: 'well', text: 'healthy', headline: null, stats: [] },
  arrows: uses.map(arrow),
});
const server = (key: string) => ({ key, state: 'well' as const, text: 'up', stats: [] });

const model: SystemModel = {
  rooms: ['create', 'redirect', 'worker'].map((service) => ({
    ...{ service, publicUrl: null, requests: null, redis: server(`redis-jobs-${service}`) },
    processes: [
      process(service, 'http', 'postgres', 'redis-hub', 'redis-session', `redis-jobs-${service}`),
      process(`${service}-jobs`, 'jobs', 'redis-hub', 'postgres', `redis-jobs-${service}`),
    ],
  })),
  shared: ['redis-session', 'redis-hub', 'redis-cache', 'postgres'].map(server),
  summary: { state: 'well', text: '' },
};

test.each([minWidth, 1_600])(
  '%s px wide nothing overlaps and nothing leaves the drawing',
  (width) => {
    const { boxes, height, arrows } = layOut(model, width);
    const placed = [...boxes.values()];
    expect(placed).toHaveLength(13);
    for (const [index, box] of placed.entries()) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width).toBeLessThanOrEqual(width);
      expect(box.top + box.height).toBeLessThanOrEqual(height);
      for (const other of placed.slice(index + 1)) expect(overlap(box, other)).toBe(false);
    }
    // No arrow covers another, and each has its label.
    const lanes = arrows.map(({ line }) => line.join());
    expect(new Set(lanes).size).toBe(3 * 7);
  },
);

test('an arrow ends at the server that it leads to', () => {
  const { arrows, rails, boxes } = layOut(model, minWidth);
  const astray = arrows.filter(({ arrow: each, line: [, , x, y] }) => {
    const rail = rails.find(({ key }) => key === each.to);
    return rail ? Math.abs(y - rail.y) > 5 : !touches(boxes.get(each.to), x, y);
  });
  expect(astray).toEqual([]);
});

function overlap(a: Box, b: Box): boolean {
  const isBeside = a.left + a.width <= b.left || b.left + b.width <= a.left;
  return !isBeside && a.top < b.top + b.height && b.top < a.top + a.height;
}

function touches(box: Box | undefined, x: number, y: number): boolean {
  if (box === undefined) return false;
  const isIn = (value: number, from: number, size: number) =>
    value >= from - 2 && value <= from + size + 2;
  return isIn(x, box.left, box.width) && isIn(y, box.top, box.height);
}
