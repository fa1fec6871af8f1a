import { composeProject } from './compose-project.ts';
import { freePorts } from './free-ports.ts';

/** A firing alert: its name and what else its labels say. */
export interface FiringAlert {
  readonly alertname: string;
  readonly job?: string;
  readonly dependency?: string;
  readonly severity: string;
}

/** Prometheus and Alertmanager of a Compose project. Both end with the project. */
export interface Prometheus {
  /** How many targets of each job answer. */
  targets(): Promise<Record<string, number>>;
  /** The alerts that fire at the moment, in the order of their names, jobs and dependencies. */
  firing(): Promise<FiringAlert[]>;
  /** The same as Alertmanager has them: what would be told to people. */
  told(): Promise<FiringAlert[]>;
}

interface PrometheusAnswer {
  data: { alerts: { state: string; labels: FiringAlert }[]; activeTargets: Target[] };
}

interface Target {
  health: string;
  labels: { job: string };
}

/** Starts both out of the profile `observability` and resolves when they are healthy. */
export async function startPrometheus(projectName: string): Promise<Prometheus> {
  const [port = 0, alertmanagerPort = 0] = await freePorts(2);
  const project = composeProject(projectName, {
    PROMETHEUS_PORT: `${port}`,
    ALERTMANAGER_PORT: `${alertmanagerPort}`,
  });
  await project.add('prometheus', 'alertmanager');

  async function ask<Answer>(askedPort: number, path: string): Promise<Answer> {
    const answer = await fetch(`http://127.0.0.1:${askedPort}/api/${path}`, {
      signal: AbortSignal.timeout(5_000),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return (await answer.json()) as Answer;
  }

  return {
    async targets() {
      const { data } = await ask<PrometheusAnswer>(port, 'v1/targets?state=active');
      const up = data.activeTargets.filter(({ health }) => health === 'up');
      const byJob = Object.groupBy(up, ({ labels }) => labels.job);
      return Object.fromEntries(Object.entries(byJob).map(([job, all]) => [job, all?.length ?? 0]));
    },
    async firing() {
      const { data } = await ask<PrometheusAnswer>(port, 'v1/alerts');
      return inOrder(data.alerts.filter(({ state }) => state === 'firing'));
    },
    async told() {
      return inOrder(
        await ask<{ labels: FiringAlert }[]>(alertmanagerPort, 'v2/alerts?inhibited=false'),
      );
    },
  };
}

function inOrder(alerts: readonly { labels: FiringAlert }[]): FiringAlert[] {
  const nameOf = ({ alertname, job, dependency }: FiringAlert) =>
    `${alertname} ${job} ${dependency}`;
  return alerts.map(({ labels }) => labels).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
