import type { AuditedDecision } from './audited-connection.ts';

/**
 * The most units that were admitted in any stretch of the window, counting those that can only have been in it: Redis
 * decides between two looks at its clock, and its logs count whole milliseconds.
 */
export function mostInAnyWindow(
  decisions: readonly AuditedDecision[],
  windowSeconds: number,
): number {
  const admitted = decisions.filter(({ allowed }) => allowed);
  const lengthUs = windowSeconds * 1_000_000 - 1_000;
  const sums = admitted.map(({ afterUs }, first) =>
    admitted
      .slice(first)
      .filter(({ beforeUs }) => beforeUs < afterUs + lengthUs)
      .reduce((sum, { cost }) => sum + cost, 0),
  );
  return Math.max(0, ...sums);
}
