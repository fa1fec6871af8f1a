import { announceStart, isGroupMember, runProcess } from '@shortstack/server';
import { readHttpConfig } from './config.ts';

runProcess({
  async start(life) {
    const config = readHttpConfig();
    // Loaded when they are needed: the parent of a group stays small.
    if (config.REDIRECT_PROCESSES > 1 && !isGroupMember()) {
      const { startGroup } = await import('./start-group.ts');
      await startGroup(config, life);
    } else {
      const { startHttp } = await import('./start-http.ts');
      announceStart(await startHttp(config, life));
    }
  },
});
