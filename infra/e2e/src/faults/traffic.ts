import type { HttpAnswer } from '../http-client.ts';

/** One kind of request, sent again and again. */
export interface Flow {
  readonly name: string;
  /** What it is answered with while all is well. */
  readonly usual: number;
  readonly perSecond: number;
  /** Whether it hashes a password: that takes as long as the processor has other things to do. */
  readonly hashes?: boolean;
  send(index: number): Promise<HttpAnswer>;
}

/** What became of one request. Times are of `performance.now`. */
export interface Sample {
  readonly flow: string;
  readonly index: number;
  readonly sentAt: number;
  readonly endedAt: number;
  readonly status: number;
  /** In words, for a comparison: `goes on` if answered as usual, else the status, the code and a missing `Retry-After`. */
  readonly outcome: string;
  readonly answer: HttpAnswer | undefined;
}

export interface Traffic {
  readonly samples: readonly Sample[];
  /** Stops sending and waits for the answers that are due. */
  stop(): Promise<void>;
}

export const goesOn = 'goes on';
const TICK_MS = 10;

/** Sends all flows at their steady rates, whether or not earlier requests are answered. */
export function startTraffic(flows: readonly Flow[]): Traffic {
  const samples: Sample[] = [];
  const open = new Set<Promise<void>>();
  const startedAt = performance.now();
  const sent = new Map(flows.map((flow) => [flow, 0]));

  async function one(flow: Flow, index: number): Promise<void> {
    const sentAt = performance.now();
    const end = (outcome: string, answer?: HttpAnswer) =>
      samples.push({
        flow: flow.name,
        index,
        sentAt,
        endedAt: performance.now(),
        status: answer?.status ?? 0,
        outcome,
        answer,
      });
    try {
      const answer = await flow.send(index);
      end(answer.status === flow.usual ? goesOn : inWords(answer), answer);
    } catch (error) {
      end(String(error));
    }
  }

  const timer = setInterval(() => {
    const seconds = (performance.now() - startedAt) / 1_000;
    for (const flow of flows) {
      for (let index = sent.get(flow) ?? 0; index < seconds * flow.perSecond; index += 1) {
        sent.set(flow, index + 1);
        const request = one(flow, index);
        open.add(request);
        void request.finally(() => open.delete(request));
      }
    }
  }, TICK_MS);
  return {
    samples,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}

/** Such as `503 REDIS_UNAVAILABLE`. */
function inWords(answer: HttpAnswer): string {
  const words = [answer.status, problemCode(answer)];
  if (answer.status === 503 && !(Number(answer.headers['retry-after']) > 0)) {
    words.push('without Retry-After');
  }
  return words.join(' ');
}

function problemCode({ headers, text }: HttpAnswer): string {
  if (!headers['content-type']?.startsWith('application/problem+json'))
    return 'no problem document';
  return (JSON.parse(text) as { code: string }).code;
}
