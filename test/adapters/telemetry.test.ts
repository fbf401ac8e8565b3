/** The log and metrics of a deployed function, as CloudWatch would read them. */
import type { Context } from 'aws-lambda';
import { dynamoClient } from '../../shared/adapters/aws-clients.ts';
import { skewSeconds, watchClock } from '../../shared/adapters/clock-watch.ts';
import { functionTelemetry } from '../../shared/adapters/telemetry.ts';
import { METRIC_NAMES, METRICS } from '../../shared/config/signals.ts';
import type { Telemetry } from '../../shared/ports.ts';
import { logCapture } from '../support/log-capture.ts';
import { unmeasured } from '../support/unmeasured.ts';

const CODE = '482913';
const context = (version: string, call: string): Context => ({
  ...{ functionName: 'Hallpass-Ensure', functionVersion: version, awsRequestId: call },
  ...{ invokedFunctionArn: 'arn:aws:lambda:eu-central-1:1:function:x', memoryLimitInMB: '1024' },
  ...{ callbackWaitsForEmptyEventLoop: false, logGroupName: 'g', logStreamName: 's' },
  ...{ getRemainingTimeInMillis: () => 1, done: () => {}, fail: () => {}, succeed: () => {} },
});
const parsed = (lines: readonly string[]): Record<string, unknown>[] =>
  lines.map((line) => Object(JSON.parse(line)));

const DEPLOYED = {
  POWERTOOLS_METRICS_NAMESPACE: 'Hallpass/Test',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
};
beforeAll(() => void Object.assign(process.env, DEPLOYED));
afterAll(() => {
  for (const name of Object.keys(DEPLOYED)) delete process.env[name];
});

describe('a line', () => {
  test('says which function, version and call wrote it, and whether its container just began', async () => {
    const lines = await logCapture(async () => {
      const { telemetry, observe } = functionTelemetry('ensure');
      const handler = observe(async (event: string) => telemetry.info(event));
      await handler('first', context('7', 'call-1'));
      await handler('second', context('7', 'call-2'));
    });
    const about = { service: 'ensure', function_name: 'Hallpass-Ensure', function_version: '7' };
    expect(parsed(lines)).toMatchObject([
      {
        ...about,
        level: 'INFO',
        message: 'first',
        function_request_id: 'call-1',
        cold_start: true,
      },
      { ...about, message: 'second', function_request_id: 'call-2', cold_start: false },
    ]);
  });

  test('keeps a field whose name every line has already, beside it', async () => {
    const lines = await logCapture(async () => {
      const { telemetry } = functionTelemetry('enroll');
      telemetry.error('A person met a silent service', { service: 'keys', message: 'denied' });
    });
    expect(parsed(lines)).toMatchObject([
      {
        ...{ level: 'ERROR', service: 'enroll', message: 'A person met a silent service' },
        ...{ its_service: 'keys', its_message: 'denied' },
      },
    ]);
  });

  test('carries the request it belongs to, also when several are worked on at once', async () => {
    const lines = await logCapture(async () => {
      const { telemetry } = functionTelemetry('announce');
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const work = (requestId: string, until: Promise<void>) =>
        telemetry.within({ requestId }, async () => {
          await until;
          await telemetry.within({ step: 'inner' }, async () => telemetry.error('met'));
        });
      const waiting = work('AR-7K2M9Q', held);
      await work('AR-0CDE5F', Promise.resolve());
      release();
      await waiting;
      telemetry.info('outside');
    });
    expect(parsed(lines)).toMatchObject([
      { requestId: 'AR-0CDE5F', step: 'inner', message: 'met' },
      { requestId: 'AR-7K2M9Q', step: 'inner', message: 'met' },
      { message: 'outside' },
    ]);
    expect(parsed(lines).at(-1)).not.toHaveProperty('requestId');
  });

  test('is redacted: message, fields, scope; the name of an alarm stays', async () => {
    const lines = await logCapture(async () => {
      const { telemetry } = functionTelemetry('slack');
      await telemetry.within({ typed: CODE, about: `code ${CODE}` }, async () => {
        telemetry.info(`typed ${CODE}`, { body: CODE, why: `it was ${CODE}` });
        telemetry.alarm('drift-found', { alarm: 'another', why: CODE });
      });
    });
    expect(lines.join()).not.toContain(CODE);
    expect(parsed(lines)).toMatchObject([{ body: '[removed]' }, { alarm: 'drift-found' }]);
  });

  test('of a crash tells what and where; what reaches the runtime holds no secret and no stack', async () => {
    let thrown: unknown;
    const lines = await logCapture(async () => {
      const { observe } = functionTelemetry('sweep');
      const handler = observe(async () => {
        throw Object.assign(new TypeError(`bad ${CODE}`, { cause: new Error(`deep ${CODE}`) }), {
          request: { token: CODE },
        });
      });
      thrown = await handler(undefined, context('1', 'c')).catch((error: unknown) => error);
    });
    expect(parsed(lines)).toMatchObject([
      {
        level: 'ERROR',
        message: 'The function failed',
        error: { name: 'TypeError', message: 'bad [removed: code]', cause: { name: 'Error' } },
      },
    ]);
    expect(lines.join()).not.toContain(CODE);
    expect(thrown).toMatchObject({ name: 'TypeError', message: 'bad [removed: code]' });
    expect(JSON.stringify(Object.getOwnPropertyDescriptors(thrown))).not.toContain(CODE);
  });
});

describe('a figure', () => {
  const sent = async (use: (telemetry: Telemetry) => void) =>
    parsed(await logCapture(() => use(functionTelemetry('ensure').telemetry)));

  test.each(METRIC_NAMES)(
    'of %s is one line at once, in the form that CloudWatch embeds',
    async (name) => {
      const { unit, by } = METRICS[name];
      const value = by === null ? {} : { [by]: 'github' };
      const lines = await sent((telemetry) => telemetry.measure(name, 12.5, 'github'));
      expect(lines).toMatchObject([
        {
          ...{ service: 'hallpass', [name]: 12.5, ...value },
          _aws: {
            CloudWatchMetrics: [
              {
                Namespace: 'Hallpass/Test',
                Dimensions: [['service', ...(by === null ? [] : [by])]],
                Metrics: [{ Name: name, Unit: unit }],
              },
            ],
          },
        },
      ]);
    },
  );

  test('keeps its dimension to itself', async () => {
    const lines = await sent((telemetry) => {
      telemetry.measure('ProviderErrors', 1, 'github');
      telemetry.measure('OverdueGrants', 0);
      telemetry.measure('ProviderErrors', 1, 'gitlab');
    });
    expect(lines.map(({ provider }) => provider)).toEqual(['github', undefined, 'gitlab']);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    '%s is told as an error instead',
    async (odd) => {
      expect(await sent((telemetry) => telemetry.measure('AckLatency', odd))).toMatchObject([
        { level: 'ERROR', message: 'AckLatency has no figure' },
      ]);
    },
  );
});

describe('the watch over the clock', () => {
  const NOW = new Date('2026-03-02T10:00:00Z');
  const answer = (date: string | undefined) => ({ headers: { date } });

  test.each([
    [answer('Mon, 02 Mar 2026 10:00:00 GMT'), 0],
    [answer('Mon, 02 Mar 2026 09:59:29 GMT'), 31],
    [answer('Mon, 02 Mar 2026 10:00:45 GMT'), -45],
    [answer('yesterday'), null],
    [answer(undefined), null],
    [undefined, null],
  ])('of %j is %s seconds', (response, skew) => {
    expect(skewSeconds(response, NOW)).toBe(skew);
  });

  test('more than 6 seconds wake a person, once a minute, and the answer stays what it was', async () => {
    const raised: unknown[] = [];
    let nowMs = NOW.getTime();
    let ahead = 6;
    const client = dynamoClient({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: {
        handle: async () => ({
          response: {
            statusCode: 200,
            headers: { date: new Date(nowMs - ahead * 1000).toUTCString() },
            body: new TextEncoder().encode('{"TableNames":["journal"]}'),
          },
        }),
      },
    });
    const telemetry: Telemetry = {
      ...unmeasured,
      ...{ info: () => {}, error: () => {} },
      alarm: (name, fields) => raised.push([name, fields]),
    };
    watchClock(client, { clock: { now: () => new Date(nowMs) }, telemetry });
    const { ListTablesCommand } = await import('@aws-sdk/client-dynamodb');
    const ask = () => client.send(new ListTablesCommand({}));
    expect((await ask()).TableNames).toEqual(['journal']);
    expect(raised).toEqual([]);
    ahead = 7;
    await ask();
    await ask();
    expect(raised).toEqual([['clock-skewed', { skewSeconds: 7 }]]);
    nowMs += 60_000;
    await ask();
    expect(raised).toHaveLength(2);
  });
});
