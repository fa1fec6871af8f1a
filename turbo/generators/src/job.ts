import type { PlopTypes } from '@turbo/gen';
export function setJobGenerator(_plop: PlopTypes.NodePlopAPI): void {}
