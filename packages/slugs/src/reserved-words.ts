/**
 * Words that no slug may be, in any mixture of upper and lower case.
 *
 * They are paths that the services, a proxy in front of them, or a later version may need under the
 * same origin, and names that would let a link pose as the operator. A name that is no slug anyway
 * (`robots.txt`, `.well-known`) is listed without its dot, so that nobody can come close to it.
 */
export const reservedWords: ReadonlySet<string> = new Set([
  // what the services answer, now or later
  ...['api', 'apis', 'app', 'dashboard', 'docs', 'documentation', 'graphql', 'openapi', 'swagger'],
  ...['ops', 'operations', 'admin', 'administrator', 'root', 'system', 'internal', 'debug'],
  ...['health', 'healthz', 'livez', 'readyz', 'status', 'metrics', 'ping'],
  ...[
    'preview',
    'qr',
    'stats',
    'links',
    'link',
    'import',
    'imports',
    'export',
    'exports',
    'webhooks',
  ],
  ...['leaderboard', 'keys', 'session', 'sessions', 'token', 'oidc', 'oauth', 'auth', 'callback'],
  // what people sign in, pay and complain with
  ...[
    'login',
    'signin',
    'sign-in',
    'logout',
    'signout',
    'sign-out',
    'register',
    'signup',
    'sign-up',
  ],
  ...['account', 'accounts', 'user', 'users', 'me', 'profile', 'settings', 'password', 'reset'],
  ...['billing', 'payment', 'payments', 'checkout', 'pricing', 'verify', 'unsubscribe'],
  ...[
    'about',
    'abuse',
    'contact',
    'help',
    'legal',
    'privacy',
    'security',
    'support',
    'terms',
    'tos',
  ],
  // what browsers and crawlers fetch unasked
  ...['robots', 'robots-txt', 'favicon', 'favicon-ico', 'sitemap', 'humans', 'ads', 'manifest'],
  ...['well-known', 'apple-touch-icon', 'browserconfig', 'crossdomain', 'service-worker', 'sw'],
  // where files and proxies live
  ...['static', 'assets', 'public', 'images', 'img', 'css', 'js', 'fonts', 'media', 'files', 'cdn'],
  ...['cgi-bin', 'index', 'home', 'www', 'mail', 'ftp', 'localhost', 'null', 'undefined'],
]);
