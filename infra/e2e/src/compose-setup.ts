import { startComposeStack } from './start-compose-stack.ts';

/**
 * Vitest's global setup of `npm run test:docker`: one Compose stack for the whole run, scaled while it runs, which every
 * suite that uses `openStack` finds in the environment. The teardown removes it and fails if anything of it is left.
 */
export default async function composeSetup(): Promise<() => Promise<void>> {
  console.log('Building the images …');
  // No test reads the pages of the real sites that its links lead to.
  const stack = await startComposeStack('shortstack-e2e', { METADATA_FETCH: 'off' });
  const { project, readyAfterMs } = stack;
  try {
    await project.up({ redirect: 3, create: 2 });
  } catch (error) {
    await project.down();
    throw error;
  }
  Object.assign(process.env, {
    E2E_APP_ORIGIN: stack.appOrigin,
    E2E_SHORT_ORIGIN: stack.shortOrigin,
    E2E_OPS_ORIGIN: stack.opsOrigin,
    E2E_COMPOSE_PROJECT: project.name,
    E2E_READY_AFTER_MS: `${readyAfterMs}`,
    E2E_SHORT_TLS_PORT: `${stack.tls.shortPort}`,
    E2E_APP_TLS_PORT: `${stack.tls.appPort}`,
  });
  return async () => {
    await project.down();
    const left = await project.leftovers();
    if (left.length > 0) throw new Error(`docker compose down -v has left ${left.join(', ')}`);
  };
}
