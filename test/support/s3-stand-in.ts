/**
 * S3 as its API describes it, as far as the archive uses it: versions of objects, conditional puts, listing them a page at a time,
 * delete markers; and what goes wrong between it and us. Speaks the wire protocol; checks what Object Lock would demand.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';

type Version = { readonly id: string; readonly text: string | null };
/** Of the next call: an answer, none at all, or one that breaks off; `lost`: carried out, but its answer never comes. */
export type S3Trouble =
  | { readonly status: number; readonly code: string }
  | 'silent'
  | 'lost'
  | 'truncated'
  | 'stalled'
  | 'garbled';

export type S3StandIn = {
  readonly url: string;
  /** Method, path and query of every call, oldest first. */
  readonly calls: readonly string[];
  /** What the next calls meet, one each; null: nothing. */
  readonly troubles: (S3Trouble | null)[];
  /** By whatever means: a newer version, or a delete marker (null). */
  overwrite(key: string, text: string | null): void;
  close(): Promise<void>;
};

export async function s3StandIn(pageSize = 2): Promise<S3StandIn> {
  const objects = new Map<string, Version[]>();
  const calls: string[] = [];
  const troubles: (S3Trouble | null)[] = [];
  let made = 0;
  const overwrite = (key: string, text: string | null): void => {
    made += 1;
    // Ids say nothing about their order.
    const id = `v${((made * 7919) % 1009).toString(36)}`;
    objects.set(key, [{ id, text }, ...(objects.get(key) ?? [])]);
  };
  const answer = async (asked: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const url = new URL(asked.url ?? '', 'http://s3');
    calls.push(`${asked.method} ${url.pathname}${url.search}`);
    const body = await textOf(asked);
    const trouble = troubles.shift() ?? null;
    if (trouble === 'silent') return;
    if (trouble !== null && typeof trouble === 'object')
      return refuse(reply, trouble.status, trouble.code);
    const key = decodeURIComponent(url.pathname).replace(/^\/audit\//, '');
    const made =
      asked.method === 'PUT'
        ? putObject({ objects, overwrite }, { key, body, asked })
        : url.searchParams.has('versions')
          ? { status: 200, text: listing(objects, url.searchParams, pageSize) }
          : getObject(objects, key, url.searchParams.get('versionId'));
    if (trouble !== 'lost') send(reply, made, trouble);
  };
  const server = createServer((asked, reply) => {
    answer(asked, reply).catch((error: unknown) => reply.destroy(new Error(String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = portOf(server.address());
  return {
    ...{ calls, troubles, overwrite, url: `http://127.0.0.1:${port}` },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address;
}

async function textOf(asked: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of asked.setEncoding('utf8')) text += String(chunk);
  return text;
}

type Made = { readonly status: number; readonly text: string };
const failed = (status: number, code: string): Made => ({
  status,
  text: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});
const refuse = (reply: ServerResponse, status: number, code: string): void =>
  send(reply, failed(status, code), null);

function send(reply: ServerResponse, { status, text }: Made, trouble: S3Trouble | null): void {
  const bytes = Buffer.from(text);
  const said = trouble === 'garbled' ? Buffer.from(text.replace('e', 'E')) : bytes;
  reply.writeHead(status, {
    'content-length': bytes.length,
    'x-amz-checksum-crc32': checksum(bytes),
    'x-amz-checksum-type': 'FULL_OBJECT',
  });
  if (trouble !== 'truncated' && trouble !== 'stalled') {
    reply.end(said);
    return;
  }
  reply.write(said.subarray(0, said.length / 2), () => {
    if (trouble === 'truncated') reply.destroy();
  });
}

function checksum(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

function putObject(
  { objects, overwrite }: { objects: Map<string, Version[]>; overwrite: S3StandIn['overwrite'] },
  { key, body, asked }: { key: string; body: string; asked: IncomingMessage },
): Made {
  // A bucket with Object Lock takes nothing without one.
  if (asked.headers['x-amz-checksum-crc32'] !== checksum(Buffer.from(body)))
    return failed(400, 'InvalidRequest');
  const current = objects.get(key)?.[0]?.text ?? null;
  if (asked.headers['if-none-match'] === '*' && current !== null)
    return failed(412, 'PreconditionFailed');
  overwrite(key, body);
  return { status: 200, text: '' };
}

function getObject(objects: Map<string, Version[]>, key: string, id: string | null): Made {
  const versions = objects.get(key) ?? [];
  const found = id === null ? versions[0] : versions.find((version) => version.id === id);
  return found && found.text !== null
    ? { status: 200, text: found.text }
    : failed(404, 'NoSuchKey');
}

/** Keys in order, versions of a key newest first, as S3 lists them. */
function listing(
  objects: ReadonlyMap<string, Version[]>,
  asked: URLSearchParams,
  pageSize: number,
): string {
  const prefix = asked.get('prefix') ?? '';
  const [key, id] = [asked.get('key-marker'), asked.get('version-id-marker')];
  const all = [...objects]
    .filter(([name]) => name.startsWith(prefix))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, versions]) => versions.map((version) => ({ name, ...version })));
  const start = key === null ? 0 : all.findIndex((one) => one.name === key && one.id === id) + 1;
  const page = all.slice(start, start + pageSize);
  const last = page.at(-1);
  const rows = page.map(({ name, id: version, text }) => {
    const tag = text === null ? 'DeleteMarker' : 'Version';
    return `<${tag}><Key>${name}</Key><VersionId>${version}</VersionId></${tag}>`;
  });
  const isTruncated = start + pageSize < all.length;
  const next = isTruncated
    ? `<NextKeyMarker>${last?.name}</NextKeyMarker><NextVersionIdMarker>${last?.id}</NextVersionIdMarker>`
    : '';
  return `<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${isTruncated}</IsTruncated>${next}${rows.join('')}</ListVersionsResult>`;
}
