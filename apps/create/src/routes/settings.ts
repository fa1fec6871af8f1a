import { RuntimeSettings, UpdateRuntimeSettingsBody } from '@shortstack/contracts';
import type { AppServer } from '@shortstack/server';
import { assertAdmin } from './assert-admin.ts';
import { problems } from './problems.ts';

export interface SettingsPorts {
  load: () => Promise<RuntimeSettings>;
  /** Stores, applies here and tells the others. */
  update: (accountId: string, changes: UpdateRuntimeSettingsBody) => Promise<RuntimeSettings>;
}

const tags = ['Operations'];

/** What administrators change while everything runs. */
export function settingsRoutes({ load, update }: SettingsPorts) {
  return async (app: AppServer) => {
    const onRequest = [app.requireSignIn, assertAdmin];

    app.get(
      '/api/settings',
      {
        onRequest,
        schema: {
          tags,
          summary: 'Runtime settings',
          response: { 200: RuntimeSettings, ...problems(401, 403) },
        },
      },
      () => load(),
    );

    app.patch(
      '/api/settings',
      {
        onRequest,
        schema: {
          tags,
          summary: 'Change runtime settings',
          description:
            'Only what is given. Holds in every instance within a second, without the hub within 5 s, and after restarts. Administrators only.',
          body: UpdateRuntimeSettingsBody,
          response: { 200: RuntimeSettings, ...problems(401, 403, 413, 415) },
        },
      },
      ({ principal, body }) => update(principal.accountId, body),
    );
  };
}
