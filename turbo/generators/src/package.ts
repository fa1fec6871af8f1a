import type { PlopTypes } from '@turbo/gen';
export function setPackageGenerator(_plop: PlopTypes.NodePlopAPI): void {}
