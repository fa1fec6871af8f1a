import { describe, expect, test, vi } from 'vitest';
import { type BreakerOptions, createBreaker } from './circuit-breaker.ts';

const fail = () => Promise.reject(new Error('away'));
const succeed = () => Promise.resolve('answer');

/** A breaker whose timer fires when the test says so. */
function breakerWithTimer(options: Partial<BreakerOptions> = {}) {
  let fire: (() => void) | undefined;
  let delayMs: number | undefined;
  const breaker = createBreaker({
    name: 'thing',
    ...options,
    startTimer(ms, callback) {
      delayMs = ms;
      fire = callback;
      return () => {
        fire = undefined;
      };
    },
  });
  return {
    breaker,
    timerDelayMs: () => (fire ? delayMs : undefined),
    elapse: () => fire?.(),
    failTimes: async (times: number) => {
      for (let i = 0; i < times; i += 1) await expect(breaker.run(fail)).rejects.toThrow('away');
    },
  };
}

describe('a breaker', () => {
  test('opens after three failures in a row and then refuses without calling', async () => {
    const { breaker, failTimes, timerDelayMs } = breakerWithTimer();
    await failTimes(2);
    expect(breaker.state).toBe('closed');
    await failTimes(1);
    expect(breaker.state).toBe('open');
    expect(timerDelayMs()).toBe(500);
    const work = vi.fn<() => Promise<string>>(succeed);
    await expect(breaker.run(work)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'CIRCUIT_OPEN',
    });
    expect(work).not.toHaveBeenCalled();
    expect(breaker.calls).toBe(4);
  });

  test('starts counting again after an answer', async () => {
    const { breaker, failTimes } = breakerWithTimer();
    await failTimes(2);
    await breaker.run(succeed);
    await failTimes(2);
    expect(breaker.state).toBe('closed');
  });

  test('takes an error that is no failure for an answer, also while half-open', async () => {
    const isFailure = (error: unknown) => (error as Error).message === 'away';
    const { breaker, failTimes, elapse } = breakerWithTimer({ isFailure });
    const wrongType = () => Promise.reject(new Error('WRONGTYPE'));
    await failTimes(2);
    await expect(breaker.run(wrongType)).rejects.toThrow('WRONGTYPE');
    await failTimes(3);
    elapse();
    await expect(breaker.run(wrongType)).rejects.toThrow('WRONGTYPE');
    expect(breaker.state).toBe('closed');
  });

  test('lets a single caller try after the wait, refuses the others, and closes when that succeeds', async () => {
    const { breaker, failTimes, elapse } = breakerWithTimer();
    await failTimes(3);
    elapse();
    expect(breaker.state).toBe('half-open');
    const { promise, resolve } = Promise.withResolvers<string>();
    const trial = breaker.run(() => promise);
    await expect(breaker.run(succeed)).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    resolve('answer');
    await expect(trial).resolves.toBe('answer');
    expect(breaker.state).toBe('closed');
    await expect(breaker.run(succeed)).resolves.toBe('answer');
  });

  test('opens again when the trial fails, and waits again', async () => {
    const { breaker, failTimes, elapse, timerDelayMs } = breakerWithTimer();
    await failTimes(3);
    elapse();
    await failTimes(1);
    expect(breaker.state).toBe('open');
    expect(timerDelayMs()).toBe(500);
  });

  test('with a probe of its own tries without any caller, who are all refused until it succeeds', async () => {
    const trial = Promise.withResolvers<string>();
    const probe = vi.fn<() => Promise<string>>(() => trial.promise);
    const { breaker, failTimes, elapse } = breakerWithTimer({ probe });
    await failTimes(3);
    elapse();
    expect(probe).toHaveBeenCalledTimes(1);
    await expect(breaker.run(succeed)).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    trial.resolve('PONG');
    await vi.waitFor(() => expect(breaker.state).toBe('closed'));
  });

  test('is not opened by stragglers of an outage that is over', async () => {
    const { breaker, failTimes, elapse } = breakerWithTimer();
    const straggler = Promise.withResolvers<string>();
    const late = Array.from({ length: 3 }, () => breaker.run(() => straggler.promise));
    await failTimes(3);
    elapse();
    await breaker.run(succeed);
    straggler.reject(new Error('away'));
    await Promise.allSettled(late);
    expect(breaker.state).toBe('closed');
  });

  test('is not closed by an answer to a call from before it opened', async () => {
    const { breaker, failTimes, elapse } = breakerWithTimer();
    const early = Promise.withResolvers<string>();
    const call = breaker.run(() => early.promise);
    await failTimes(3);
    elapse();
    early.resolve('answer');
    await expect(call).resolves.toBe('answer');
    expect(breaker.state).toBe('half-open');
  });

  test('tells its listeners of each change until they stop listening', async () => {
    const { breaker, failTimes, elapse } = breakerWithTimer();
    const seen: string[] = [];
    const stop = breaker.onStateChange((state) => seen.push(state));
    await failTimes(3);
    elapse();
    await breaker.run(succeed);
    stop();
    breaker.trip();
    expect(seen).toEqual(['open', 'half-open', 'closed']);
  });

  test('keeps no timer once closed for good', async () => {
    const { breaker, failTimes, timerDelayMs } = breakerWithTimer();
    await failTimes(3);
    breaker.close();
    expect(timerDelayMs()).toBeUndefined();
    breaker.reset();
    breaker.trip();
    expect(timerDelayMs()).toBeUndefined();
  });
});
