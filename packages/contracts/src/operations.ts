import Type, { type Static } from 'typebox';
import { nullable } from './nullable.ts';

/** worker's `GET /ops`: every live process of every service, by its own answer or else as the registry and the last probe have it. */
export const OperationsOverview = Type.Object(
  {
    at: Type.String({ format: 'date-time' }),
    isRegistryAway: Type.Boolean({
      description: 'The hub does not answer: the list is what was known last',
    }),
    instances: Type.Array(
      Type.Object({
        id: Type.String(),
        service: Type.String(),
        process: Type.Union([Type.Literal('http'), Type.Literal('jobs')]),
        answered: Type.Boolean({
          description: 'It was asked just now and answered: the rest is what it said itself',
        }),
        url: Type.String({ description: 'Its internal listener' }),
        publicUrl: nullable(Type.String()),
        version: Type.String(),
        startedAt: Type.String(),
        beatAt: Type.String({ description: 'When it last reported, by its own clock' }),
        health: Type.String({ description: 'healthy, unknown, unready or unreachable' }),
        load: Type.Unknown({ description: 'Figures of its own choice' }),
        lastWork: nullable(Type.String()),
      }),
    ),
  },
  { $id: 'OperationsOverview' },
);
export type OperationsOverview = Static<typeof OperationsOverview>;
