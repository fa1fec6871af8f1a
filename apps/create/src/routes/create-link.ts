import { BulkLinksAnswer, BulkLinksBody, CreateLinkBody, Link } from '@shortstack/contracts';
import { type AppServer, createValidator } from '@shortstack/server';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { createLink } from '../domain/create-link.ts';
import { createLinks } from '../domain/create-links.ts';
import { idempotentRequest } from '../domain/idempotency.ts';
import { presentLink, type StoredLink } from '../domain/link.ts';
import { draftLink, type LinkRuleContext } from '../domain/link-draft.ts';
import type { LinkCreationPorts } from '../domain/link-writer.ts';
import { problems } from './problems.ts';
import { bulkLimits, creationLimits, type RateLimits, spend } from './rate-limits.ts';

export interface CreateLinkRoutesOptions {
  ports: LinkCreationPorts;
  limits: RateLimits;
  /** What the rules for links need to know at this moment. */
  ruleContext: () => LinkRuleContext;
}

const tags = ['Links'];
/** A link with twenty rules of ten long targets each. */
const maxLinkBytes = 1_048_576;
const maxBulkBytes = 8_388_608;
const idempotent =
  'With an `Idempotency-Key` a repeated request within 24 h gets the first answer and creates nothing.';
const limited =
  'Limited per account and per API key, for a key also by the day (UTC): `RateLimit` and `RateLimit-Policy` tell the limit with the least left, on 429 the one that refused, and `Retry-After` when to try again.';

/** Creating links, one or up to a thousand per request. */
export function createLinkRoutes({ ports, limits, ruleContext }: CreateLinkRoutesOptions) {
  const checkRow = createValidator(CreateLinkBody);
  const { shortOrigin } = ruleContext();

  function present(link: StoredLink) {
    return presentLink(link, shortOrigin);
  }

  function repeatable({ principal, headers, method, url, body }: FastifyRequest) {
    const { accountId } = principal;
    const header = headers['idempotency-key'];
    return idempotentRequest({ accountId, header, method, path: url, body });
  }

  return async (app: AppServer) => {
    app.post(
      '/api/links',
      {
        onRequest: app.requireScope('links:write'),
        bodyLimit: maxLinkBytes,
        schema: {
          tags,
          summary: 'Create a link',
          description: `${idempotent} ${limited}`,
          body: CreateLinkBody,
          response: { 201: Link, ...problems(401, 403, 409, 413, 415, 422, 429) },
        },
      },
      async (request, reply) => {
        const { principal } = request;
        const repeat = repeatable(request);
        await spend(reply, creationLimits(limits, principal));
        const draft = await draftLink(request.body, ruleContext());
        const { body } = await createLink(ports, principal.accountId, draft, repeat, present);
        const link = body as Link;
        return reply.code(201).header('location', `/api/links/${link.slug}`).send(link);
      },
    );

    app.post(
      '/api/links/bulk',
      {
        onRequest: app.requireScope('links:write'),
        bodyLimit: maxBulkBytes,
        schema: {
          tags,
          summary: 'Create up to 1,000 links',
          description: `Answered in order, each row with its link or its error: one bad row spoils no other. Each row counts as one link towards the limits. ${idempotent} ${limited}`,
          body: BulkLinksBody,
          response: { 200: BulkLinksAnswer, ...problems(401, 403, 409, 413, 415, 422, 429) },
        },
      },
      async (request, reply) => {
        const { principal } = request;
        const { links } = request.body;
        const repeat = repeatable(request);
        await spend(reply, bulkLimits(limits, principal, links.length));
        const context = { ...ruleContext(), checkRow, present };
        const { body } = await createLinks(ports, principal.accountId, links, context, repeat);
        // The compiled serialiser validates each row to find out whether it is a link or an error: half of all that a row costs here.
        reply.serializer(JSON.stringify);
        return reply.send(body as Static<typeof BulkLinksAnswer>);
      },
    );
  };
}
