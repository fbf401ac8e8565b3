/**
 * DynamoDB's JSON protocol over HTTP, on the loopback address and a random port. It parses, asks `serve`, and turns what
 * comes back into the wire form. A DynamoError is an answer; any other exception is answered as a 500 and reported.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Body } from './dynalite-operations.ts';
import { DynamoError } from './errors.ts';
import { silence } from './faults.ts';

const maxRequestBytes = 16 * 1024 * 1024;
/** A request that gets no answer holds its connection no longer than this. */
const silenceMs = 30_000;

export type Serve = (operation: string, body: Body) => Promise<Body | typeof silence>;
export type WireServer = { readonly port: number; close(): Promise<void> };

export async function startWireServer(
  serve: Serve,
  onDefect: (cause: unknown) => void,
): Promise<WireServer> {
  const server = createServer((request, response) => {
    respond({ request, response, serve }).catch((cause: unknown) => {
      onDefect(cause);
      if (response.headersSent) response.destroy();
      else send(response, 500, errorBody('InternalServerError', String(cause)));
    });
  });
  // A client would otherwise run into a connection that is being closed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

type Exchange = { request: IncomingMessage; response: ServerResponse; serve: Serve };

async function respond({ request, response, serve }: Exchange): Promise<void> {
  const { method, headers } = request;
  const answer = await answerTo(serve, { method, headers, text: () => textOf(request) });
  if (answer === silence) hangUpLater(response);
  else send(response, answer.status, answer.body);
}

export type WireRequest = {
  readonly method: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  text(): Promise<string>;
};
export type WireAnswer = { readonly status: number; readonly body: Body };

/** What a request is answered, however it came. */
export async function answerTo(
  serve: Serve,
  request: WireRequest,
): Promise<WireAnswer | typeof silence> {
  try {
    const body = await serve(operationOf(request), bodyOf(await request.text()));
    return body === silence ? silence : { status: 200, body };
  } catch (cause) {
    if (!(cause instanceof DynamoError)) throw cause;
    const { code, message, status, detail } = cause;
    return { status, body: { ...errorBody(code, message), ...detail } };
  }
}

function operationOf({ method, headers }: WireRequest): string {
  const [version, operation] = String(headers['x-amz-target']).split('.');
  if (method !== 'POST' || version !== 'DynamoDB_20120810' || operation === undefined) {
    throw new DynamoError('UnknownOperationException', 'Not a DynamoDB request');
  }
  if (!String(headers['authorization']).startsWith('AWS4-')) {
    throw new DynamoError(
      'MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
    );
  }
  return operation;
}

const JsonObject = z.record(z.string(), z.unknown());

function bodyOf(text: string): Body {
  try {
    return JsonObject.parse(JSON.parse(text));
  } catch (cause) {
    throw new DynamoError('SerializationException', `The body is no JSON object: ${String(cause)}`);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > maxRequestBytes) break;
      chunks.push(buffer);
    }
  } catch (cause) {
    throw new DynamoError('SerializationException', `The request broke off: ${String(cause)}`);
  }
  if (bytes <= maxRequestBytes) return Buffer.concat(chunks).toString();
  throw new DynamoError('RequestEntityTooLargeException', 'More than 16 MB', { status: 413 });
}

function errorBody(code: string, message: string): Body {
  return { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message, Message: message };
}

function send(response: ServerResponse, status: number, body: Body): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}

function hangUpLater(response: ServerResponse): void {
  const timer = setTimeout(() => response.destroy(), silenceMs).unref();
  response.once('close', () => clearTimeout(timer));
}
