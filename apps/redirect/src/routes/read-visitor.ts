import type { FastifyRequest } from 'fastify';
import { parseLanguages, type Visitor } from '../domain/match-rules.ts';
import { createUserAgentParser } from '../domain/user-agent.ts';

export type Visitors = (request: FastifyRequest) => Visitor;

/** Reads of a request what rules can ask for. User agents are remembered, so it costs a look-up. */
export function createVisitorReader(countryHeader: string | undefined): Visitors {
  const parseUserAgent = createUserAgentParser();
  return (request) => {
    const { os, device } = parseUserAgent(request.headers['user-agent'] ?? '');
    return {
      country: countryHeader === undefined ? '' : String(request.headers[countryHeader] ?? ''),
      device,
      os,
      languages: parseLanguages(request.headers['accept-language'] ?? ''),
    };
  };
}
