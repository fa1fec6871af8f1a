import type { OperationsOverview } from '@shortstack/contracts';

export type Instance = OperationsOverview['instances'][number];
type Labels = Readonly<Record<string, string>>;

/** The figures of instances, and how they have grown over the last seconds. */
export interface Figures {
  /** The sum of the series with these labels; undefined where no instance tells any. */
  sum(instances: readonly Instance[], name: string, labels?: Labels): number | undefined;
  /** The greatest one of them. */
  most(instances: readonly Instance[], name: string, labels?: Labels): number | undefined;
  /** By how much the sum grows per second; undefined before there are two snapshots. */
  rate(instances: readonly Instance[], name: string, labels?: Labels): number | undefined;
  /** Likewise of the calls to a dependency. */
  callRate(instances: readonly Instance[], dependency: string): number | undefined;
}

/** Reads the newest of these snapshots, oldest first, against the oldest. What starts again counts from nothing. */
export function figuresOf(history: readonly OperationsOverview[]): Figures {
  const [oldest, newest] = [history[0], history.at(-1)];
  const seconds =
    oldest && newest ? (Date.parse(newest.at) - Date.parse(oldest.at)) / 1_000 : Number.NaN;
  const earlier = new Map(oldest?.instances.map((one) => [one.id, one]));

  const growth = (
    instances: readonly Instance[],
    read: (instance: Instance) => number | undefined,
  ): number | undefined => {
    if (!(seconds > 0)) return undefined;
    const grown = instances.flatMap((instance) => {
      const [now, before] = [read(instance), earlier.get(instance.id)];
      const then = before && read(before);
      if (now === undefined || then === undefined) return [];
      return now < then ? now : now - then;
    });
    return grown.length === 0 ? undefined : add(grown) / seconds;
  };

  return {
    sum: (instances, name, labels = {}) => {
      const values = instances.flatMap((each) => seriesOf(each, name, labels));
      return values.length === 0 ? undefined : add(values);
    },
    most: (instances, name, labels = {}) => {
      const values = instances.flatMap((each) => seriesOf(each, name, labels));
      return values.length === 0 ? undefined : Math.max(...values);
    },
    rate: (instances, name, labels = {}) =>
      growth(instances, (each) => {
        const values = seriesOf(each, name, labels);
        return values.length === 0 ? undefined : add(values);
      }),
    callRate: (instances, dependency) =>
      growth(
        instances,
        ({ dependencies }) => dependencies.find(({ name }) => name === dependency)?.calls,
      ),
  };
}

function seriesOf({ figures }: Instance, name: string, labels: Labels): number[] {
  const wanted = Object.entries(labels);
  return figures
    .filter((each) => each.name === name)
    .filter((each) => wanted.every(([label, value]) => each.labels[label] === value))
    .map(({ value }) => value);
}

function add(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
