import { scenarios } from './scenarios.ts';

const scenarioLines = Object.entries(scenarios)
  .map(([name, { about }]) => `    ${name.padEnd(14)} ${about}`)
  .join('\n');

export const help = `Puts load on your own Shortstack, and audits that every answered redirect is counted exactly once.

  npm run load                                    on the stack that \`npm start\` runs in this checkout
  npm run load -- --scenario viral-link --html report.html
  npm run load -- --target https://s.example --slugs hello --connections 64
  npm run load -- seed --links 1000000 --clicks 10000000

What
  --scenario NAME           one of these; other options change it
${scenarioLines}
  --target ORIGIN           where short links live; without it the stack of this checkout (PORT_OFFSET counts),
                            with its API, its demo account and its database
  --api ORIGIN, --api-key KEY   to make links, and for --creations and --edits (or LOAD_API_KEY)
  --database-url URL        for the audit: PostgreSQL, as a role that may read clicks (or DATABASE_URL)

Links
  --links N                 make so many through the API (100)
  --slugs A,B,C             use these instead
  --seeded N                use the first N links of \`seed\` instead
  --keys DISTRIBUTION       uniform (default), zipf:EXPONENT or hot:KEYS:SHARE, such as zipf:1.2 or hot:10:0.9
  --unknown SHARE           of requests for slugs that nobody has, 0 to 1
  --creations SHARE         of requests that create a link, 0 to 0.9
  --edits N                 changes of links per second

How much
  --rate N                  open loop: N requests per second, whatever the answers do (1000)
  --ramp SECONDS            reach the rate evenly within this time
  --connections N           closed loop over N connections; with --rate, at most so many (256); as many for --creations
  --duration SECONDS        (30)
  --no-keep-alive           a new connection for each request
  --timeout SECONDS         per request (5)
  --threads N               of the generator (half the cores, at most 4)
  --user-agent TEXT         a browser's by default: bots are counted apart
  --seed N                  of the random choices (1)
  --i-may-test-this-host    needed for hosts that are neither this machine nor in a private network

Report
  --json FILE, --html FILE  besides the text
  --audit-seconds N         how long to wait for missing clicks while none come (60)

Seeding, past the services (the database's owner; safest on a stack at rest)
  seed --links N --clicks N   links (10000) and clicks (0) over --days (30) as --keys says (zipf:1.2), with all roll-ups
  seed --remove               takes them away again
  --connections N             that copy at the same time (3)

Ctrl-C ends the load and reports what there is; once more ends at once. Exit code 1: the audit failed, or nothing was answered.
Rate limits belong to what is tested; for figures of the machine start with RATE_LIMITS=off.
`;
