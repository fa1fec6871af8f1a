import { Card } from '../parts/card.tsx';
import { ServiceQueues } from './service-queues.tsx';

/** The queues of all services that have any. */
export function QueuesCard({ services }: { services: readonly string[] }) {
  return (
    <div id="queues">
      <Card title="Queues">
        {services.map((service) => (
          <ServiceQueues key={service} service={service} />
        ))}
      </Card>
    </div>
  );
}
