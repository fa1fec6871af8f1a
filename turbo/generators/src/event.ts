import type { PlopTypes } from '@turbo/gen';
export function setEventGenerator(_plop: PlopTypes.NodePlopAPI): void {}
