/** What each process that uses a server tries there when it starts: permitted to all of them, and it changes nothing. */
export const redisTrials = {
  session: ['hgetall', 'session:{trial}'],
  hub: ['exists', 'registry:{instances}:index'],
  cache: ['get', 'redirect:link:trial'],
} as const;
