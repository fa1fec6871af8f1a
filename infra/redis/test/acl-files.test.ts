import { expect, test } from 'vitest';
import { aclFile } from '../src/acl-file.ts';
import { redisNames } from '../src/redis-users.ts';

for (const server of redisNames) {
  test(`acl/${server}.acl says what the table of users says; \`npm run redis:acl\` writes it`, async () => {
    const text = aclFile(server, () => undefined);
    await expect(text).toMatchFileSnapshot(`../acl/${server}.acl`);
  });
}
