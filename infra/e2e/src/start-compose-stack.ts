import type { QueryResultRow } from 'pg';
import { type ComposeProject, composeProject } from './compose-project.ts';
import { composeSql } from './compose-sql.ts';
import { freePorts } from './free-ports.ts';
import type { Stack } from './stack.ts';

/** The stack of `docker-compose.yml`, reached through nginx. */
export interface ComposeStack extends Stack {
  readonly project: ComposeProject;
  /** From the end of the build to everything healthy. */
  readonly readyAfterMs: number;
  /** Its app origin and short origin by TLS. */
  readonly tls: { readonly appPort: number; readonly shortPort: number };
}

/**
 * Builds and starts `docker-compose.yml` as a project of that name on free ports, with rate limits off. What an earlier
 * run of that name has left is removed first. Whoever starts it calls `project.down()`; when it can't be started that is done here.
 */
export async function startComposeStack(
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ComposeStack> {
  const [appPort = 0, shortPort = 0, appTlsPort = 0, shortTlsPort = 0] = await freePorts(4);
  const project = composeProject(name, {
    APP_PORT: `${appPort}`,
    SHORT_PORT: `${shortPort}`,
    APP_TLS_PORT: `${appTlsPort}`,
    SHORT_TLS_PORT: `${shortTlsPort}`,
    RATE_LIMITS: 'off',
    ...env,
  });
  await project.down();
  await project.build();
  const startedAt = performance.now();
  try {
    await project.up();
  } catch (error) {
    console.error(await project.logs());
    await project.down();
    throw error;
  }
  const appOrigin = `http://localhost:${appPort}`;
  return {
    appOrigin,
    shortOrigin: `http://localhost:${shortPort}`,
    opsOrigin: appOrigin,
    tls: { appPort: appTlsPort, shortPort: shortTlsPort },
    project,
    readyAfterMs: performance.now() - startedAt,
    sql: <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) =>
      composeSql<Row>(project, text, values),
  };
}
