import { runProcess } from '@shortstack/server';
import { readHttpConfig } from './config.ts';
import { startHttp } from './start-http.ts';

runProcess({ start: (life) => startHttp(readHttpConfig(), life).then(() => {}) });
