/**
 * Carries the SDK's requests to the embedded DynamoDB without a connection: what the SDK serialized and signed goes in, what it
 * will parse comes out, byte for byte as over HTTP. A request that gets no answer times out as it does there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { silence } from './faults.ts';
import { answerTo, type Serve } from './wire-server.ts';

/** As long as the real client waits for an answer (shared/adapters/aws-clients.ts). */
const REQUEST_TIMEOUT_MS = 3000;

type HttpRequest = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};
type HttpAnswer = {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
};

/** What an SDK client takes as its `requestHandler`. */
export type InProcessHandler = {
  handle(request: HttpRequest): Promise<HttpAnswer>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
};

export function inProcessHandler(serve: Serve): InProcessHandler {
  return {
    async handle({ method, headers, body }) {
      const answer = await answerTo(serve, { method, headers, text: async () => textOf(body) });
      if (answer === silence) return noAnswer();
      return {
        response: {
          statusCode: answer.status,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: Buffer.from(JSON.stringify(answer.body)),
        },
      };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

const decoder = new TextDecoder();

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return decoder.decode(body);
  throw new Error('The SDK sends DynamoDB requests as text or bytes');
}

async function noAnswer(): Promise<never> {
  await sleep(REQUEST_TIMEOUT_MS);
  throw new RequestTimeout(`No answer within ${REQUEST_TIMEOUT_MS} ms`);
}

class RequestTimeout extends Error {
  override readonly name = 'TimeoutError';
}
