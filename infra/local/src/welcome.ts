import { styleText } from 'node:util';
import { type DemoAccount, demoLinks } from './seed.ts';

export interface WelcomeOptions {
  appOrigin: string;
  shortOrigin: string;
  workerOrigin: string;
  /** Origins of the services besides, by name. */
  others: Readonly<Record<string, string>>;
  account: DemoAccount;
  /** Whether the demo account and links are there. */
  seeded: boolean;
  dataDirectory: string;
}

/** What `npm start` ends with: where everything is, what to try, how to stop. */
export function welcome(options: WelcomeOptions): string {
  const { appOrigin, shortOrigin, workerOrigin, account, seeded, dataDirectory } = options;
  const link = `${shortOrigin}/${demoLinks[0].slug}`;
  const rows: [string, string, string][] = [
    ['create', appOrigin, `dashboard (the API: ${appOrigin}/docs)`],
    ['redirect', shortOrigin, seeded ? `short links: ${link}` : 'short links'],
    ['worker', `${workerOrigin}/ops`, 'operations'],
    ...Object.entries(options.others).map(([name, origin]): [string, string, string] => [
      name,
      `${origin}/${name}`,
      `API (${origin}/${name}/openapi.json)`,
    ]),
  ];
  const width = Math.max(...rows.map(([, url]) => url.length));
  return [
    '',
    ...rows.map(([name, url, note]) => `  ${bold(name.padEnd(9))} ${url.padEnd(width)}  ${note}`),
    '',
    ...(seeded ? tryIt(account, link, appOrigin) : []),
    `  ${bold('data')}      ${dataDirectory}  (logs in logs/, passwords in secrets.json)`,
    `  ${bold('stop')}      Ctrl-C`,
    '',
  ].join('\n');
}

function tryIt(account: DemoAccount, link: string, appOrigin: string): string[] {
  return [
    `  ${bold('sign in')}   ${account.email}  ${account.password}`,
    `  ${bold('try')}       curl -i ${link}`,
    `            wrk -t2 -c64 -d10s --latency ${link}`,
    `            curl and wrk count as bots: they are left out of "clicks" and are in "bots" of`,
    `            ${appOrigin}/links/${demoLinks[0].slug}`,
    '',
  ];
}

/** Plain where output is no terminal or NO_COLOR is set. */
function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}
