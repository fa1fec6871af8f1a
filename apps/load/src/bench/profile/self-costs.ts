/** Where something was spent. */
export interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
}

/** A CPU profile as V8 has it. Times in microseconds. */
export interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  timeDeltas: number[];
}

/** A sampling heap profile as V8 has it. Sizes in bytes. */
export interface HeapNode {
  callFrame: CallFrame;
  selfSize: number;
  children: HeapNode[];
}

export interface SelfCost {
  callFrame: CallFrame;
  cost: number;
}

/** The time of each function without what it called. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): SelfCost[] {
  const costs = new Map(nodes.map(({ id, callFrame }) => [id, { callFrame, cost: 0 }]));
  samples.forEach((id, index) => {
    const found = costs.get(id);
    if (found !== undefined) found.cost += timeDeltas[index] ?? 0;
  });
  return [...costs.values()];
}

/** What each function has allocated itself. */
export function selfAllocations(head: HeapNode): SelfCost[] {
  const all = [head];
  for (const node of all) all.push(...node.children);
  return all.map(({ callFrame, selfSize }) => ({ callFrame, cost: selfSize }));
}

/** Whose code it is: a package, an app, Node's own modules, or the engine. */
export function ownerOf({ functionName, url }: CallFrame): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(idle)') return 'idle';
  if (url === '') return 'native code (V8, libuv, the kernel)';
  const inPackage = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (inPackage !== undefined) return inPackage;
  if (url.startsWith('node:')) return "Node's own modules";
  const ours = /\/(packages|apps)\/([^/]+)\//.exec(url);
  return ours === null ? 'other' : `${ours[1]}/${ours[2]}`;
}

/** A short name of the place. */
export function placeOf({ functionName, url, lineNumber }: CallFrame): string {
  const file = url.split('/').slice(-2).join('/');
  return `${functionName || '(anonymous)'}${file === '' ? '' : ` ${file}:${lineNumber + 1}`}`;
}

/** Summed up under a name, the greatest first. */
export function sumBy(
  costs: readonly SelfCost[],
  nameOf: (frame: CallFrame) => string,
): { name: string; cost: number }[] {
  const sums = new Map<string, number>();
  for (const { callFrame, cost } of costs) {
    const name = nameOf(callFrame);
    sums.set(name, (sums.get(name) ?? 0) + cost);
  }
  return [...sums]
    .map(([name, cost]) => ({ name, cost }))
    .filter(({ cost }) => cost > 0)
    .sort((a, b) => b.cost - a.cost);
}
