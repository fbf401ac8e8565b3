/** Who may import whom: the architecture, executable. The first layer whose pattern fits a file decides. */
import { filesIn, type Import, importsOf, PRODUCT } from './support/source.ts';

type Layer = {
  readonly name: string;
  readonly files: RegExp;
  /** Own files it may import; `$1` is what the first group of `files` caught. */
  readonly mayImport: readonly string[];
  /** Packages it may import; everything when absent. */
  readonly packages?: RegExp;
  readonly why: string;
};

const BEHIND_HANDLER = [
  'lambdas/$1/(?!handler\\.ts$)',
  'shared/application/',
  'shared/domain/',
  'shared/ports',
  'shared/config/',
];

const LAYERS: readonly Layer[] = [
  {
    name: 'a handler',
    files: /^lambdas\/([^/]+)\/handler\.ts$/,
    mayImport: ['lambdas/$1/', 'shared/'],
    why: 'it composes what is deployed; the embedded world and infra are not',
  },
  {
    name: 'announce behind its handler',
    files: /^lambdas\/(announce)\//,
    mayImport: [...BEHIND_HANDLER, 'lambdas/slack/views/'],
    packages: /^zod$/,
    why: 'it draws with the pure views of slack, which is all that the two share',
  },
  {
    name: 'a function behind its handler',
    files: /^lambdas\/([^/]+)\//,
    mayImport: BEHIND_HANDLER,
    packages: /^(?!@aws-sdk\/|@octokit\/)/,
    why: 'only handler.ts names concrete adapters and providers; take the port as a dependency',
  },
  {
    name: 'the domain (audit)',
    files: /^shared\/domain\/audit\//,
    mayImport: ['shared/domain/'],
    packages: /^(zod|node:crypto)$/,
    why: 'the domain is pure: data in, data out; audit may hash',
  },
  {
    name: 'the domain',
    files: /^shared\/domain\//,
    mayImport: ['shared/domain/'],
    packages: /^zod$/,
    why: 'the domain is pure: data in, data out',
  },
  {
    name: 'the application',
    files: /^shared\/application\//,
    mayImport: ['shared/application/', 'shared/domain/', 'shared/ports'],
    packages: /^zod$/,
    why: 'it talks to ports, never to a technology',
  },
  {
    name: 'an adapter',
    files: /^shared\/adapters\//,
    mayImport: ['shared/adapters/', 'shared/domain/', 'shared/ports', 'shared/config/'],
    packages: /^(?!@octokit\/)/,
    why: 'it knows one technology and the port, nothing else',
  },
  {
    name: 'the registry of providers',
    files: /^shared\/providers\/[^/]+\.ts$/,
    mayImport: ['shared/providers/', 'shared/domain/', 'shared/ports'],
    why: 'it lists the providers, nothing else',
  },
  {
    name: 'a provider',
    files: /^shared\/providers\/([^/]+)\//,
    mayImport: [
      'shared/providers/$1/',
      'shared/providers/exchange',
      'shared/domain/',
      'shared/ports',
    ],
    packages: /^(?!@aws-sdk\/|@slack\/)/,
    why: 'it knows one CI system, the port and how all of them speak HTTP, nothing else',
  },
  {
    name: 'a port',
    files: /^shared\/ports/,
    mayImport: ['shared/ports', 'shared/domain/', 'shared/config/signals'],
    packages: /^$/,
    why: 'ports are types in the words of the domain; alarms and metrics have their names in one place',
  },
  {
    name: 'configuration',
    files: /^shared\/config\//,
    mayImport: ['shared/config/'],
    packages: /^zod$/,
    why: 'infra and local read it too, so it must not pull anything in',
  },
  {
    name: 'infra',
    files: /^infra\//,
    mayImport: ['infra/', 'shared/config/'],
    why: 'it names lambdas by path and shares only configuration',
  },
  {
    name: 'the composition of local mode',
    files:
      /^local\/(functions|local-telemetry|operate|personas|routed-journal|state-view|world)\.ts$/,
    mayImport: ['local/', 'shared/', 'lambdas/[^/]+/(?!handler\\.ts$)'],
    why: 'it composes the bodies that the handlers compose (docs/decisions/0007); a handler would read the environment',
  },
  {
    name: 'a command of the operator',
    files: /^local\/operations\//,
    mayImport: ['local/operations/', 'shared/', 'test/blocks/'],
    why: 'it looks at a deployment with the adapters that are deployed, and asks Slack about the one golden corpus there is',
  },
  {
    name: 'a command on the audit log',
    files: /^local\/audit\//,
    mayImport: ['local/', 'shared/'],
    why: 'it reads, proves and seals the log of a deployment as well as of the one that runs here, with the adapters that are deployed',
  },
  {
    name: 'a command on the policy',
    files: /^local\/policy\//,
    mayImport: ['local/', 'shared/', 'lambdas/slack/views/'],
    why: 'it reads the file with the reader that is deployed, asks the one evaluator, and says the sentences people read',
  },
  {
    name: 'the generator of documents',
    files: /^local\/docs\//,
    mayImport: [
      'local/',
      'shared/',
      'lambdas/slack/views/',
      'lambdas/slack/shell-refusal',
      'lambdas/enroll/page-html',
    ],
    why: 'it writes down what the model, the contract and the sentences people read are',
  },
  {
    name: 'the page in the browser',
    files: /^local\/page\/(?!build\.ts$)/,
    mayImport: [
      'local/page/(?!build\\.ts$)',
      'local/slack/',
      'local/xray/shapes',
      'local/around/shapes',
      'local/docs/event-meanings',
      'shared/domain/',
      'shared/config/slack-manifest',
    ],
    packages: /^(react|react-dom(\/client)?|slack-blocks-to-jsx|zod)$/,
    why: 'it runs in a browser; what it knows of the world comes over HTTP and is parsed',
  },
  {
    name: 'the embedded world',
    files: /^local\//,
    mayImport: [
      'local/',
      'shared/ports',
      'shared/config/',
      'shared/domain/',
      'lambdas/slack/views/limits.ts$',
    ],
    why: 'it stands in for the outside world; reusing our adapters would hide their mistakes (docs/decisions/0006, 0007)',
  },
];

function problem(file: string, layer: Layer, { line, specifier, path }: Import): string[] {
  const own = layer.files.exec(file)?.[1] ?? '';
  const allowed = path
    ? layer.mayImport.some((start) => new RegExp(`^${start.replace('$1', own)}`).test(path))
    : (layer.packages?.test(specifier) ?? true);
  return allowed
    ? []
    : [`${file}:${line}: ${layer.name} must not import ${path ?? specifier} (${layer.why})`];
}

const files = filesIn(PRODUCT, /\.(ts|tsx)$/);

test('every product file belongs to a layer', () => {
  expect(files.filter((file) => !LAYERS.some((layer) => layer.files.test(file)))).toEqual([]);
});

test.each(LAYERS)('$name imports only what it may', (layer) => {
  const own = files.filter((file) => LAYERS.find((one) => one.files.test(file)) === layer);
  const problems = own.flatMap((file) =>
    importsOf(file).flatMap((one) => problem(file, layer, one)),
  );
  expect(problems).toEqual([]);
});

test('nothing that is deployed imports local, infra or test', () => {
  const wrong = filesIn(['lambdas', 'shared'], /\.ts$/).flatMap((file) =>
    importsOf(file)
      .filter(({ path }) => /^(local|infra|test)\//.test(path ?? ''))
      .map(({ line, path }) => `${file}:${line}: imports ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('imports of own files are relative and end in .ts, so that Node and tsx agree on them', () => {
  const wrong = filesIn([...PRODUCT, 'test'], /\.(ts|tsx)$/).flatMap((file) =>
    importsOf(file)
      .filter(({ path }) => path !== undefined && !/\.(ts|tsx|css|mjs|json)$/.test(path))
      .map(({ line, specifier }) => `${file}:${line}: write ${specifier}.ts`),
  );
  expect(wrong).toEqual([]);
});

test('these rules can fail: an adapter in the domain and a listener that names one are found', () => {
  const domain = LAYERS.find(({ name }) => name === 'the domain')!;
  const listener = LAYERS.find(({ name }) => name === 'a function behind its handler')!;
  const sdk = { line: 3, specifier: '@aws-sdk/client-dynamodb', path: undefined };
  const adapter = { line: 4, specifier: '', path: 'shared/adapters/dynamo-journal.ts' };
  expect(problem('shared/domain/a.ts', domain, sdk)).toHaveLength(1);
  expect(problem('lambdas/slack/listeners/a.ts', listener, adapter)).toEqual([
    expect.stringMatching(
      /^lambdas\/slack\/listeners\/a\.ts:4: .* must not import shared\/adapters/,
    ),
  ]);
  expect(
    problem('lambdas/slack/listeners/a.ts', listener, {
      ...adapter,
      path: 'lambdas/enroll/page.ts',
    }),
  ).toHaveLength(1);
  expect(
    problem('lambdas/slack/listeners/a.ts', listener, { ...adapter, path: 'lambdas/slack/app.ts' }),
  ).toEqual([]);
  const handler = { ...adapter, path: 'lambdas/slack/handler.ts' };
  const composition = LAYERS.find(({ files }) => files.test('local/functions.ts'))!;
  const standIn = LAYERS.find(({ files }) => files.test('local/queues.ts'))!;
  expect(problem('local/functions.ts', composition, adapter)).toEqual([]);
  expect(problem('local/functions.ts', composition, handler)).toHaveLength(1);
  expect(problem('local/queues.ts', standIn, adapter)).toHaveLength(1);
});
