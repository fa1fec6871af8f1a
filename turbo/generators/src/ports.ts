import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** From 9320 on are the processes of REDIRECT_PROCESSES, and the network policies of infra/k8s end there. */
const places = 10;

/** The first ports that no service has, by what infra/services says. Throws when all are taken. */
export function portsFor(root: string): {
  port: number;
  internalPort: number;
  jobsPort: number;
  redisPort: number;
} {
  const directory = join(root, 'infra/services/src');
  const text = readdirSync(directory)
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .join('\n');
  const used = new Set([...text.matchAll(/[pP]ort: (\d+)/g)].map(([, port]) => Number(port)));
  for (let place = 0; place < places; place += 1) {
    const ports = {
      port: 3000 + place,
      internalPort: 9300 + place,
      jobsPort: 9310 + place,
      redisPort: 6410 + place,
    };
    if (Object.values(ports).every((port) => !used.has(port))) return ports;
  }
  throw new Error(
    'Ten services have taken all ports: give this one others in infra/services, and open them in infra/k8s/base/isolation.yaml.',
  );
}
