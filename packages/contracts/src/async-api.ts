import Type, { type TSchema } from 'typebox';
import { eventTypes } from './events.ts';
import { LiveClicks } from './live-clicks.ts';
import { redisChannels, redisKeys } from './redis-keys.ts';
import { SettingsChanged } from './runtime-settings.ts';

/** The fields of a stream's entry beside `data`, which is the payload as JSON. */
const EntryFields = Type.Object({
  id: Type.String({ description: 'The event’s. It may come twice: whoever has seen it drops it' }),
  type: Type.String(),
  at: Type.String({ format: 'date-time', description: 'When it happened' }),
  n: Type.String({ description: 'Counts the events of the stream without gaps' }),
  traceparent: Type.Optional(
    Type.String({ description: 'W3C trace context of what caused it, where that is traced' }),
  ),
});

const events = Object.entries(eventTypes).map(([type, { payload, ...event }]) => ({
  ...{ type, payload, ...event },
  key: keyOf(type),
  schema: payload.$id ?? type,
}));

const exampleOf: Record<string, unknown> = {
  ...Object.fromEntries(events.map(({ schema, example }) => [schema, example])),
  LiveClicks: {
    clicks: [
      {
        time: '2026-11-25T12:00:00.000Z',
        isBot: false,
        referrer: 'news.example',
        country: 'PT',
        browser: 'Firefox',
        os: 'Linux',
        device: 'desktop',
      },
    ],
    more: 0,
  },
  SettingsChanged: { changedAt: '2026-11-25T12:00:00.000Z' },
};

/**
 * What the services tell each other through the hub, for whoever writes another one: an AsyncAPI 3.0 document made of the schemas
 * that the services themselves read and write by.
 *
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument() {
  const hub = [{ $ref: '#/servers/hub' }];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Shortstack events',
      version: '1',
      description:
        'What the services tell each other through the hub. Readers pass over fields and types that they don’t know. A type keeps its meaning: fields are only added, and optional; anything else is a new type beside the old one.',
    },
    defaultContentType: 'application/json',
    servers: {
      hub: { host: 'redis-hub', protocol: 'redis', description: 'The hub Redis' },
    },
    channels: {
      linkEvents: {
        address: redisKeys.events,
        title: 'What happened',
        description:
          'A Redis stream: at least once, in order, through consumer groups (XREADGROUP). Duplicates have the same `id`.',
        servers: hub,
        messages: Object.fromEntries(
          events.map(({ key }) => [key, { $ref: `#/components/messages/${key}` }]),
        ),
        'x-redis-type': 'stream',
      },
      liveClicks: {
        address: redisChannels.liveClicks('{linkId}'),
        title: 'Clicks of a link as they are counted',
        description: `Redis pub/sub: at most once, and only while the link’s id is in the sorted set \`${redisKeys.watchedLinks}\`.`,
        servers: hub,
        parameters: { linkId: { description: 'The link’s number' } },
        messages: { liveClicks: { $ref: '#/components/messages/liveClicks' } },
        'x-redis-type': 'pubsub',
      },
      settingsChanged: {
        address: redisChannels.settingsChanged,
        title: 'Runtime settings were changed',
        description: 'Redis pub/sub: at most once. Whoever uses settings also polls them.',
        servers: hub,
        messages: { settingsChanged: { $ref: '#/components/messages/settingsChanged' } },
        'x-redis-type': 'pubsub',
      },
    },
    operations: {
      publishLinkEvents: operation('linkEvents', 'create-jobs, from the outbox'),
      publishLiveClicks: operation('liveClicks', 'redirect-jobs, after the commit'),
      announceSettings: operation('settingsChanged', 'create, after the commit'),
    },
    components: {
      messages: {
        ...Object.fromEntries(
          events.map(({ key, type, summary, schema }) => [
            key,
            message(type, summary, schema, EntryFields),
          ]),
        ),
        liveClicks: message('liveClicks', 'Clicks of one moment', 'LiveClicks'),
        settingsChanged: message('settingsChanged', 'Read the settings again', 'SettingsChanged'),
      },
      schemas: {
        ...Object.fromEntries(events.map(({ schema, payload }) => [schema, withoutId(payload)])),
        LiveClicks: withoutId(LiveClicks),
        SettingsChanged: withoutId(SettingsChanged),
      },
    },
  };
}

function operation(channel: string, sender: string) {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${channel}` },
    summary: `Sent by ${sender}`,
  };
}

function message(name: string, summary: string, schema: string, headers?: TSchema) {
  return {
    name,
    summary,
    ...(headers === undefined ? {} : { headers: withoutId(headers) }),
    payload: { $ref: `#/components/schemas/${schema}` },
    examples: [{ payload: exampleOf[schema] }],
  };
}

/** `link.created` is `linkCreated` where a dot can't stand. */
function keyOf(type: string): string {
  return type.replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function withoutId(schema: TSchema): object {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$id'));
}
