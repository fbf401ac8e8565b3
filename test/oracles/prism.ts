/**
 * Prism (not ours) as a proxy on loopback: it passes everything on and notes in a header of each answer where a request or an
 * answer departs from GitHub's own API description. `fetch` collects what it noted.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const Noted = z.array(
  z.object({ location: z.array(z.string()), severity: z.string(), message: z.string() }),
);
export type Departure = { exchange: string; in: 'request' | 'response'; message: string };
export type Prism = {
  url: string;
  fetch: typeof fetch;
  /** What passed: `METHOD /path`. */
  exchanges: string[];
  departures: Departure[];
  close(): Promise<void>;
};

export async function prismBefore(upstream: string): Promise<Prism> {
  const child = spawn(
    process.execPath,
    [
      resolve('node_modules/@stoplight/prism-cli/dist/index.js'),
      ...['proxy', '--host', '127.0.0.1', '--port', '0'],
      resolve('test/oracles/github-api.json'),
      upstream,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] } },
  );
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const lines = createInterface({ input: child.stdout });
  let said = '';
  for await (const line of lines) {
    said += `${line}\n`;
    const url = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (url !== undefined) return { url, ...watched(url), close };
  }
  throw new Error(`Prism ended instead of listening: ${said}`);
}

function watched(url: string): Pick<Prism, 'fetch' | 'exchanges' | 'departures'> {
  const exchanges: string[] = [];
  const departures: Departure[] = [];
  return {
    exchanges,
    departures,
    async fetch(input, init) {
      const response = await fetch(input, init);
      const { pathname } = new URL(String(input).replace(url, 'http://github'));
      const exchange = `${init?.method ?? 'GET'} ${pathname}`;
      exchanges.push(exchange);
      departures.push(...departuresOf(response, exchange));
      return response;
    },
  };
}

function departuresOf(response: Response, exchange: string): Departure[] {
  const header = response.headers.get('sl-violations');
  const noted = header === null ? [] : Noted.parse(JSON.parse(header));
  return noted
    .filter(({ severity }) => severity === 'Error')
    .map(({ location, message }) => ({
      exchange,
      in: location[0] === 'request' ? 'request' : 'response',
      message: `${location.join('.')} ${message}`,
    }));
}
