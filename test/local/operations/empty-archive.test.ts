import { emptyArchive } from '../../../local/operations/empty-archive.ts';
import { s3Client } from '../../../shared/adapters/s3-client.ts';
import { rawHttpServer } from '../../support/raw-http-server.ts';

type Bucket = { versions: string[]; isLocked: boolean };
const buckets = new Map<string, Bucket>();
const calls: string[] = [];
let log = '';

const versions = ({ versions: all }: Bucket) =>
  `<ListVersionsResult>${all
    .slice(0, 2)
    .map((id) => `<Version><Key>k-${id}</Key><VersionId>${id}</VersionId></Version>`)
    .join('')}</ListVersionsResult>`;

function answer(method: string, address: URL, asked: { body: string; bypass: boolean }): string {
  const name = address.pathname.replaceAll('/', '');
  const [query = ''] = address.search.slice(1).split('&');
  calls.push(`${method} ${name} ${query.replace('=', '')}`);
  const bucket = buckets.get(name) ?? { versions: [], isLocked: false };
  if (query.startsWith('logging')) return `<BucketLoggingStatus>${log}</BucketLoggingStatus>`;
  if (query.startsWith('versions')) return versions(bucket);
  if (method !== 'POST') return '';
  const ids = [...asked.body.matchAll(/<VersionId>([^<]+)/g)].map(([, id = '']) => id);
  if (bucket.isLocked && !asked.bypass)
    return `<DeleteResult><Error><Key>k</Key><Code>AccessDenied</Code><Message>locked</Message></Error></DeleteResult>`;
  bucket.versions = bucket.versions.filter((id) => !ids.includes(id));
  return '<DeleteResult/>';
}

let s3: Awaited<ReturnType<typeof rawHttpServer>>;
let client: ReturnType<typeof s3Client>;
beforeAll(async () => {
  s3 = await rawHttpServer((request, response) => {
    const address = new URL(request.url ?? '', 'http://s3');
    const bypass = request.headers['x-amz-bypass-governance-retention'] === 'true';
    request.toArray().then(
      (parts) => {
        const body = Buffer.concat(parts).toString();
        response.setHeader('connection', 'close');
        response.end(answer(request.method ?? '', address, { body, bypass }));
      },
      () => response.destroy(),
    );
  });
  client = s3Client({
    endpoint: s3.baseUrl,
    ...{ forcePathStyle: true, region: 'eu-central-1' },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
afterAll(async () => {
  client.destroy();
  await s3.close();
});
beforeEach(() => {
  calls.length = 0;
  buckets.clear();
  buckets.set('audit', { versions: ['1', '2', '3'], isLocked: true });
  buckets.set('log', { versions: ['4'], isLocked: false });
  log = '';
});

test('the policy that denies deleting goes first, then every version page by page, then the access log', async () => {
  log = '<LoggingEnabled><TargetBucket>log</TargetBucket></LoggingEnabled>';
  expect(await emptyArchive(client, 'audit')).toBe(4);
  expect([...buckets.values()].map(({ versions: left }) => left)).toEqual([[], []]);
  expect(calls.slice(0, 4)).toEqual([
    'GET audit logging',
    'DELETE audit policy',
    'GET audit versions',
    'POST audit delete',
  ]);
});

test('without an access log the audit bucket is all', async () => {
  expect(await emptyArchive(client, 'audit')).toBe(3);
  expect(buckets.get('log')?.versions).toEqual(['4']);
});

test('what cannot be deleted is named, and ends it', async () => {
  log = '<LoggingEnabled><TargetBucket>log</TargetBucket></LoggingEnabled>';
  buckets.set('log', { versions: ['4'], isLocked: true });
  await expect(emptyArchive(client, 'audit')).rejects.toThrow(
    'log: k cannot be deleted: AccessDenied locked',
  );
});
