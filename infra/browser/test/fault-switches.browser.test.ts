import { expect, test } from 'vitest';
import { openJourney } from '../src/open-journey.ts';

const { stack, people } = await openJourney();

/** The operator's page, with its switches, as an administrator has it open. */
async function openOperations() {
  const context = await people.browser();
  const page = await people.signIn(context, await people.register({ isAdmin: true }));
  await page.goto(`${stack.opsOrigin}/ops`);
  const switchOf = (name: string) => page.getByRole('button', { name });
  await switchOf('Hang redis-session').waitFor();
  return { page, switchOf };
}

test.each([
  ['Hang redis-cache', 'redis-cache'],
  ['Stop redis-jobs-redirect', 'redis-jobs-redirect'],
  ['Stop worker-jobs', 'worker-jobs'],
])('%s: the fault is switched on, seen, and undone', async (name, unit) => {
  const { page, switchOf } = await openOperations();
  const summary = page.getByRole('status');
  const isWell = summary.getByText(/^All \d+ processes .* are well\.$/);
  await isWell.waitFor({ timeout: 20_000 });

  await switchOf(name).click();
  await summary.getByText(unit).waitFor({ timeout: 20_000 });
  await switchOf(name).click();
  await isWell.waitFor({ timeout: 30_000 });
  expect(await switchOf(name).getAttribute('aria-pressed')).toBe('false');
});

test('a hang of the session Redis, which every answer needs, is undone on the page that switched it on', async () => {
  const { page, switchOf } = await openOperations();
  await switchOf('Hang redis-session').click();
  const withoutSessions = async () =>
    (await page.request.get(`${stack.appOrigin}/api/auth/me`, { timeout: 10_000 })).status();
  await expect.poll(withoutSessions, { timeout: 20_000 }).toBe(503);

  await switchOf('Hang redis-session').click();
  await expect.poll(withoutSessions, { timeout: 20_000 }).toBe(200);
});
