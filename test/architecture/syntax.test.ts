/** What must not be written, and where: each finding says file, line and the way out. */
import * as z from 'zod';
import {
  calledName,
  filesIn,
  nodesOf,
  PRODUCT,
  type SyntaxNode,
  textOf,
} from './support/source.ts';

type Rule = (node: SyntaxNode) => string | undefined;

const product = filesIn(PRODUCT, /\.(ts|tsx)$/);
const tests = filesIn(['test'], /\.(ts|tsx)$/);
const nodes = new Map([...product, ...tests].map((file) => [file, nodesOf(file)]));

function findings(files: readonly string[], rule: Rule): string[] {
  return files.flatMap((file) =>
    (nodes.get(file) ?? []).flatMap((node) => {
      const advice = rule(node);
      return advice === undefined ? [] : [`${file}:${node.line}: ${advice}`];
    }),
  );
}

const keyword = z.object({ kind: z.string() });

const noEscapeFromTypes: Rule = (node) => {
  if (node.type === 'TsKeywordType' && keyword.safeParse(node).data?.kind === 'any') {
    return '`any`: use unknown and parse it with a schema';
  }
  if (node.type === 'TsAsExpression' || node.type === 'TsTypeAssertion') {
    return '`as`: parse with a schema, narrow with a type guard, or use satisfies';
  }
  return node.type === 'TsNonNullExpression' ? '`!`: handle the missing case' : undefined;
};

const call = z.object({ callee: z.unknown(), arguments: z.array(z.unknown()).nullish() });
const CLOCK_AND_CHANCE = /^(Date\.now|Math\.random|randomUUID|\w+\.randomUUID)$/;

const noClockNoChance: Rule = (node) => {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const { callee, arguments: given } = call.parse(node);
  const name = calledName(callee) ?? '';
  const readsNow = name === 'Date' && (given ?? []).length === 0;
  return readsNow || CLOCK_AND_CHANCE.test(name)
    ? `${name}(): take the time or the id as an argument; only handler.ts and local/ make them`
    : undefined;
};

const noConsole: Rule = (node) =>
  node.type === 'MemberExpression' && calledName(node)?.startsWith('console.')
    ? 'console: use the logger that the handler hands over'
    : undefined;

const MOCKING = /^jest\.(mock|doMock|unstable_mockModule|setMock)$/;
const SKIPPING =
  /^(it|test|describe)\.(skip|only|todo|failing)$|^(xit|xtest|xdescribe|fit|fdescribe)$/;

const each = z.object({ object: z.unknown(), property: z.object({ value: z.literal('each') }) });

const noMockNoSkip: Rule = (node) => {
  if (node.type !== 'CallExpression') return undefined;
  const { callee } = call.parse(node);
  const inner = call.safeParse(callee).data?.callee;
  const names = [callee, inner, each.safeParse(inner).data?.object].map(
    (one) => calledName(one) ?? '',
  );
  if (names.some((name) => MOCKING.test(name))) {
    return 'jest.mock: implement the port or speak the wire protocol instead';
  }
  return names.some((name) => SKIPPING.test(name))
    ? 'skipped or focused test: make it pass or delete it'
    : undefined;
};

const noDefaultExport: Rule = ({ type }) =>
  /^ExportDefault/.test(type) ? 'default export: export it by name' : undefined;

test('nothing outside test escapes from the types', () => {
  expect(findings(product, noEscapeFromTypes)).toEqual([]);
});

test('only handler.ts, local/ and infra/ read the clock or make random ids', () => {
  const bound = product.filter(
    (file) => !/^(local|infra)\/|^lambdas\/[^/]+\/handler\.ts$/.test(file),
  );
  expect(findings(bound, noClockNoChance)).toEqual([]);
});

test('what is deployed never writes to the console', () => {
  expect(
    findings(
      product.filter((file) => /^(lambdas|shared)\//.test(file)),
      noConsole,
    ),
  ).toEqual([]);
});

test('tests neither mock modules nor skip nor focus', () => {
  expect(findings(tests, noMockNoSkip)).toEqual([]);
});

test('everything is exported by name', () => {
  const own = [...product, ...tests].filter((file) => !file.endsWith('.d.ts'));
  expect(findings(own, noDefaultExport)).toEqual([]);
});

test.each([
  ['@ts-ignore and its kin', product, /@ts-(ignore|nocheck|expect-error)/],
  ['work left for later', [...product, ...tests], /\b(TODO|FIXME|XXX)\b/],
])('no comment holds %s', (_what, files, forbidden) => {
  const own = files.filter((file) => !file.startsWith('test/architecture/'));
  const wrong = own.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, index) =>
        forbidden.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
      ),
  );
  expect(wrong).toEqual([]);
});

describe('the rules above', () => {
  const parsed = nodesOf('test/architecture/support/specimen.txt');
  const hits = (rule: Rule) =>
    parsed.filter((node) => rule(node) !== undefined).map(({ line }) => line);
  const marked = (mark: string) =>
    textOf('test/architecture/support/specimen.txt')
      .split('\n')
      .flatMap((line, index) => (line.includes(`// ${mark}`) ? [index + 1] : []));

  test.each([
    ['types', noEscapeFromTypes],
    ['clock', noClockNoChance],
    ['console', noConsole],
    ['tests', noMockNoSkip],
  ])('find each planted mistake about %s in the specimen and nothing else', (mark, rule) => {
    expect(hits(rule)).toEqual(marked(mark));
    expect(marked(mark).length).toBeGreaterThan(2);
  });
});
