import { runProcess } from '@shortstack/server';
import { readHttpConfig } from './config.ts';
import { startHttp } from './start-http.ts';

runProcess({
  async start(life) {
    await startHttp(readHttpConfig(), life);
  },
});
