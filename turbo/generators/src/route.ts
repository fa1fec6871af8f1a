import type { PlopTypes } from '@turbo/gen';
export function setRouteGenerator(_plop: PlopTypes.NodePlopAPI): void {}
