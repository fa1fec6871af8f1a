import { expect, test } from 'vitest';
import { defineConfig, renderEnvExample, setting } from './index.ts';

const shared = {
  DATABASE_URL: setting.url({ description: 'PostgreSQL', protocols: ['postgres'] }),
};
const create = defineConfig({
  ...shared,
  PORT: setting.integer({ description: 'Public port', default: 3000 }),
  COOKIE_SECRET: setting.secret({ description: 'Signs cookies.' }),
  TTL: setting.integer({
    description: 'Sessions last so long',
    unit: 's',
    default: 60,
    minimum: 1,
  }),
});
const redirect = defineConfig({
  ...shared,
  PORT: setting.integer({ description: 'Public port', default: 3001 }),
  TITLE: setting.optional(setting.text({ description: 'Shown in logs' })),
});

test('every variable is shown once with its meaning, unit and default, shared ones first', () => {
  const text = renderEnvExample([
    { service: 'create', schema: create },
    { service: 'redirect', schema: redirect },
  ]);
  expect(text).toBe(`# Generated from the schemas in the services’ src/config.ts. Do not edit.

# Shared by several services

# PostgreSQL. (or a path to a file with it in DATABASE_URL_FILE) Required. [create, redirect]
DATABASE_URL=

# Public port. Default 3000. [create]
# Public port. Default 3001. [redirect]
# PORT=

# create

# Signs cookies. (at least 16 characters; or a path to a file with it in COOKIE_SECRET_FILE) Required.
COOKIE_SECRET=

# Sessions last so long. (s; at least 1) Default 60.
# TTL=60

# redirect

# Shown in logs. Optional.
# TITLE=
`);
});
