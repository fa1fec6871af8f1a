import type { PlopTypes } from '@turbo/gen';
import { setEventGenerator } from './src/event.ts';
import { setJobGenerator } from './src/job.ts';
import { setPackageGenerator } from './src/package.ts';
import { setRouteGenerator } from './src/route.ts';
import { setServiceGenerator } from './src/service.ts';

/** `npx turbo gen`: docs/forking.md shows each. */
export default function generators(plop: PlopTypes.NodePlopAPI): void {
  setServiceGenerator(plop);
  setPackageGenerator(plop);
  setJobGenerator(plop);
  setRouteGenerator(plop);
  setEventGenerator(plop);
}
