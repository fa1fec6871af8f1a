import type { TObject } from 'typebox';
import { type SettingKeywords, writeValue } from './setting-keywords.ts';

/** One service's settings under the name by which `.env.example` shows them. */
export interface ServiceSettings {
  service: string;
  schema: TObject;
}

interface Use extends SettingKeywords {
  service: string;
  required: boolean;
}

/**
 * Renders `.env.example` from the schemas: per variable its meaning, unit, default and the
 * services that read it. A variable of several services stands once, in the first section.
 * What must be set is an empty assignment to fill in; what has a default is commented out.
 */
export function renderEnvExample(services: readonly ServiceSettings[]): string {
  const uses = collectUses(services);
  const shared = [...uses].filter(([, of]) => of.length > 1);
  const sections = [renderSection('Shared by several services', shared)];
  for (const { service } of services) {
    const own = [...uses].filter(([, of]) => of.length === 1 && of[0]?.service === service);
    sections.push(renderSection(service, own));
  }
  const header = '# Generated from the schemas in the services’ src/config.ts. Do not edit.\n';
  return [header, ...sections.filter((section) => section !== '')].join('\n');
}

function collectUses(services: readonly ServiceSettings[]): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const { service, schema } of services) {
    const required = new Set<string>(schema.required);
    for (const [name, property] of Object.entries(schema.properties)) {
      const keywords = property as SettingKeywords;
      const use = {
        ...keywords,
        service,
        required: required.has(name) && keywords.default === undefined,
      };
      uses.set(name, [...(uses.get(name) ?? []), use]);
    }
  }
  return uses;
}

function renderSection(title: string, settings: [string, Use[]][]): string {
  if (settings.length === 0) return '';
  const blocks = settings.map(([name, uses]) => renderSetting(name, uses));
  return `# ${title}\n\n${blocks.join('\n')}`;
}

function renderSetting(name: string, uses: Use[]): string {
  const lines = [...Map.groupBy(uses, (use) => describeUse(name, use))].map(([text, group]) =>
    uses.length === 1 ? `# ${text}` : `# ${text} [${group.map((use) => use.service).join(', ')}]`,
  );
  const defaults = new Set(
    uses
      .filter((use) => use.shownDefault === undefined && use.default !== undefined)
      .map((use) => use.default),
  );
  const value = defaults.size === 1 ? writeValue([...defaults][0]) : '';
  const mustBeSet = uses.some((use) => use.required);
  return `${lines.join('\n')}\n${mustBeSet ? `${name}=` : `# ${name}=${value}`}\n`;
}

function describeUse(name: string, use: Use): string {
  const limits = [
    use.unit,
    use.enum && `one of ${use.enum.join(', ')}`,
    use.minimum !== undefined && `at least ${use.minimum}`,
    use.maximum !== undefined && `at most ${use.maximum}`,
    use.minLength !== undefined && `at least ${use.minLength} characters`,
    use.writeOnly && `or a path to a file with it in ${name}_FILE`,
  ].filter((text) => typeof text === 'string');
  const fallback =
    use.default === undefined
      ? `${use.required ? 'Required' : 'Optional'}.`
      : `Default ${use.shownDefault ?? (writeValue(use.default) || 'empty')}.`;
  const meaning = /[.?!]$/.test(use.description) ? use.description : `${use.description}.`;
  return [meaning, ...(limits.length > 0 ? [`(${limits.join('; ')})`] : []), fallback].join(' ');
}
