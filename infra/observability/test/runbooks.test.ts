import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readRules } from '../src/rules.ts';

const alerts = readRules().filter(({ alert }) => alert !== undefined);
const names = [...new Set(alerts.map(({ alert = '' }) => alert))];
const root = new URL('../../../', import.meta.url);
const tests = new URL('../prometheus/tests/', import.meta.url);

const kebab = (name: string) => name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();

/** For what no metric shows. */
const withoutAlert = ['README.md', 'leaked-credential.md'];

test('every alert has its runbook, and every runbook an alert', () => {
  for (const { alert = '', annotations } of alerts) {
    expect(annotations?.runbook_url).toBe(`docs/runbooks/${kebab(alert)}.md`);
  }
  const runbooks = readdirSync(new URL('docs/runbooks/', root)).filter(
    (file) => !withoutAlert.includes(file),
  );
  expect(runbooks.toSorted()).toEqual(names.map((name) => `${kebab(name)}.md`).toSorted());
});

test.for(names)('the runbook of %s says what it means, costs, shows and takes', (name) => {
  const text = readFileSync(new URL(`docs/runbooks/${kebab(name)}.md`, root), 'utf8');
  expect(text.match(/^# .*|^\*\*\w+\.\*\*/gm)).toEqual([
    `# ${name}`,
    ...['Meaning', 'Impact', 'Diagnosis', 'Mitigation'].map((part) => `**${part}.**`),
  ]);
  for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)/g)) {
    expect(existsSync(new URL(link, new URL('docs/runbooks/', root))), link).toBe(true);
  }
});

test('every alert has a test in which it fires, and wakes somebody or waits for the morning', () => {
  const cases = readdirSync(tests).flatMap((file) => {
    const { tests: all } = parse(readFileSync(new URL(file, tests), 'utf8')) as {
      tests: { alert_rule_test?: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    return all.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
  });
  const tested = cases.filter(({ exp_alerts }) => exp_alerts.length > 0);
  expect([...new Set(tested.map(({ alertname }) => alertname))].toSorted()).toEqual(
    names.toSorted(),
  );
  for (const { labels } of alerts) expect(['page', 'ticket']).toContain(labels?.severity);
});
