import type { PlopTypes } from '@turbo/gen';

export default function generators(_plop: PlopTypes.NodePlopAPI): void {}
