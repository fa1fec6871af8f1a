import type { KeyDistribution } from '../../generate/key-distribution.ts';

/** Shares out clicks over links 0 … links-1 as the distribution says, to the click: the counts add up to `clicks`. */
export function* clicksPerLink(
  distribution: KeyDistribution,
  links: number,
  clicks: number,
): Generator<number> {
  const weigh = weightOf(distribution, links);
  let sum = 0;
  for (let link = 0; link < links; link += 1) sum += weigh(link);
  let weight = 0;
  let given = 0;
  for (let link = 0; link < links; link += 1) {
    weight += weigh(link);
    const due = link === links - 1 ? clicks : Math.floor((weight / sum) * clicks);
    yield due - given;
    given = due;
  }
}

function weightOf(distribution: KeyDistribution, links: number): (link: number) => number {
  switch (distribution.kind) {
    case 'uniform':
      return () => 1;
    case 'zipf':
      return (link) => (link + 1) ** -distribution.exponent;
    case 'hot': {
      const hot = Math.min(distribution.keys, links);
      const cold = Math.max(1, links - hot);
      return (link) => (link < hot ? distribution.share / hot : (1 - distribution.share) / cold);
    }
  }
}
