/** The bus over the wire: ten entries and 256 KB a call, what was not taken comes again, and nothing is taken for granted. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { eventBus } from '../../shared/adapters/event-bus.ts';
import type { BusEntry } from '../../shared/ports-audit.ts';
import { rawHttpServer } from '../support/raw-http-server.ts';

const BUS = 'arn:aws:events:eu-central-1:123456789012:event-bus/siem';
const Asked = z.object({
  Entries: z.array(
    z.object({
      EventBusName: z.literal(BUS),
      Source: z.literal('hallpass'),
      DetailType: z.string(),
      Detail: z.string(),
      Time: z.number(),
    }),
  ),
});
type Asked = z.infer<typeof Asked>;
type Answer = { readonly status: number; readonly body: unknown };

const taken = ({ Entries }: Asked): Answer => ({
  status: 200,
  body: { FailedEntryCount: 0, Entries: Entries.map((_, i) => ({ EventId: `e${i}` })) },
});
/** Takes none of these. */
const refusing =
  (isRefused: (detail: string) => boolean) =>
  ({ Entries }: Asked): Answer => {
    const answers = Entries.map(({ Detail }, i) =>
      isRefused(Detail) ? { ErrorCode: 'ThrottlingException' } : { EventId: `e${i}` },
    );
    const FailedEntryCount = answers.filter((each) => 'ErrorCode' in each).length;
    return { status: 200, body: { FailedEntryCount, Entries: answers } };
  };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Answers in turn, then takes everything. */
async function bus(...answers: ((asked: Asked) => Answer)[]) {
  const calls: string[][] = [];
  const sizes: number[] = [];
  const server = await rawHttpServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const asked = Asked.parse(JSON.parse(text));
      calls.push(asked.Entries.map(({ Detail }) => Detail));
      sizes.push(asked.Entries.reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0));
      const { status, body } = (answers.shift() ?? taken)(asked);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
  });
  const client = new EventBridgeClient({
    endpoint: server.baseUrl,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  closing.push(
    () => client.destroy(),
    () => server.close(),
  );
  return { calls, sizes, published: eventBus(BUS, client, { pauseMs: 1 }) };
}
const entries = (count: number, detail = (i: number) => `{"i":${i}}`): BusEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    type: 'GrantActivated',
    at: '2026-03-02T09:00:00.000Z',
    detail: detail(i),
    instead: `{"instead":${i}}`,
  }));

test('sends all, ten a call, in the order given; nothing for nothing', async () => {
  const { calls, published } = await bus();
  await published.publish(entries(23));
  expect(calls.map((each) => each.length)).toEqual([10, 10, 3]);
  expect(calls.flat()).toEqual(entries(23).map(({ detail }) => detail));
  await published.publish([]);
  expect(calls).toHaveLength(3);
});

test('no call is larger than 256 KB, counted in bytes; an event that is larger by itself goes in short', async () => {
  const { calls, sizes, published } = await bus();
  const long = (kilobytes: number) => `"${'é'.repeat(kilobytes * 512)}"`;
  await published.publish(entries(6, (i) => long(i === 4 ? 256 : 90)));
  expect(calls.map((each) => each.length)).toEqual([2, 3, 1]);
  expect(calls.flat()[4]).toBe('{"instead":4}');
  expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024);
});

test('what was not taken comes again alone, until it is', async () => {
  const odd = refusing((detail) => /[13579]/.test(detail));
  const { calls, published } = await bus(
    odd,
    refusing((detail) => detail.includes('3')),
  );
  await published.publish(entries(5));
  expect(calls).toEqual([
    [0, 1, 2, 3, 4].map((i) => `{"i":${i}}`),
    ['{"i":1}', '{"i":3}'],
    ['{"i":3}'],
  ]);
});

test('what is never taken is a fault that says how much and why, after three tries', async () => {
  const never = refusing((detail) => detail.includes('2'));
  const { calls, published } = await bus(never, never, never);
  await expect(published.publish(entries(4))).rejects.toMatchObject({
    ...{ name: 'Fault', service: 'bus', retryable: true },
    message: expect.stringContaining('1 of 4 events (ThrottlingException)'),
  });
  expect(calls).toHaveLength(3);
});

test.each<[string, Answer]>([
  ['a bus that is not there', { status: 400, body: { __type: 'ResourceNotFoundException' } }],
  ['a missing right', { status: 403, body: { __type: 'AccessDeniedException' } }],
  ['an error of EventBridge', { status: 500, body: { __type: 'InternalException' } }],
])('%s is a fault', async (_what, answer) => {
  const { published } = await bus(() => answer);
  await expect(published.publish(entries(1))).rejects.toMatchObject({ service: 'bus' });
});

test('an answer that says less than was asked is no yes', async () => {
  const silent = (): Answer => ({ status: 200, body: { FailedEntryCount: 0 } });
  const { published } = await bus(silent, silent, silent);
  await expect(published.publish(entries(2))).rejects.toThrow('2 of 2 events');
});
