import type { LinkRule } from '@shortstack/contracts';

/** What rules can ask of a visitor. Read only where a link has rules. */
export interface Visitor {
  /** ISO 3166 code, or empty. */
  country: string;
  device: string | null;
  os: string | null;
  /** Primary subtags in the order of preference, e.g. `['de', 'en']`. */
  languages: string[];
}

/** The URL of the first rule that fits, or null. A rule with several targets splits visitors by weight. */
export function matchRules(
  rules: readonly LinkRule[],
  visitor: Visitor,
  now: number,
  random: () => number = Math.random,
): string | null {
  const rule = rules.find((rule) => fits(rule, visitor, now));
  if (rule === undefined) return null;
  let at = random() * rule.targets.reduce((sum, target) => sum + (target.weight ?? 1), 0);
  for (const target of rule.targets) {
    at -= target.weight ?? 1;
    if (at < 0) return target.url;
  }
  return rule.targets.at(-1)?.url ?? null;
}

function fits({ when = {} }: LinkRule, visitor: Visitor, now: number): boolean {
  const { countries, devices, systems, languages, from, until } = when;
  if (from !== undefined && now < Date.parse(from)) return false;
  if (until !== undefined && now >= Date.parse(until)) return false;
  if (countries !== undefined && !countries.includes(visitor.country)) return false;
  if (devices !== undefined && !devices.some((device) => device === visitor.device)) return false;
  const os = visitor.os?.toLowerCase();
  if (systems !== undefined && !systems.some((system) => system.toLowerCase() === os)) return false;
  return (
    languages === undefined || visitor.languages.some((language) => languages.includes(language))
  );
}

/** The primary subtags of an `Accept-Language` header, most wanted first. */
export function parseLanguages(header: string): string[] {
  return header
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [range = '', ...parameters] = part.trim().split(';');
      const weight = parameters.find((parameter) => parameter.trim().startsWith('q='));
      return {
        language: range.split('-')[0]?.toLowerCase() ?? '',
        weight: weight === undefined ? 1 : Number(weight.trim().slice(2)),
      };
    })
    .filter(({ language, weight }) => /^[a-z]{2,3}$/.test(language) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ language }) => language);
}
