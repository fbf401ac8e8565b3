/** Sizes, names and wiring: what a reader may rely on without looking. */
import { environments } from '../../shared/config/env.ts';
import { filesIn, foldersIn, importsOf, PRODUCT, textOf } from './support/source.ts';

const product = filesIn(PRODUCT, /\.(ts|tsx|mjs|cjs)$/);
const linesOf = (file: string) => textOf(file).trimEnd().split('\n').length;

test('no product file is longer than 300 lines', () => {
  const long = product.filter((file) => linesOf(file) > 300);
  expect(long.map((file) => `${file}: ${linesOf(file)} lines, split it`)).toEqual([]);
});

test('a handler is a composition root of at most 40 lines', () => {
  const long = filesIn(['lambdas'], /^handler\.ts$/).filter((file) => linesOf(file) > 40);
  expect(
    long.map((file) => `${file}: ${linesOf(file)} lines, move what it does behind it`),
  ).toEqual([]);
});

test('file names are kebab-case and say what is inside', () => {
  const VAGUE = /(^|-)(utils?|helpers?|common|misc|manager|service|impl|index)(-|$)/;
  const wrong = product.filter((file) => {
    const stem = (file.split('/').at(-1) ?? '').replace(/(\.d)?\.\w+$/, '');
    return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem) || VAGUE.test(stem);
  });
  expect(wrong).toEqual([]);
});

test('every folder of lambdas/ has a handler.ts, an environment and a function in the stack', () => {
  const constructs = filesIn(['infra'], /\.ts$/).map(textOf).join('\n');
  const problems = foldersIn('lambdas').flatMap((name) => [
    ...(filesIn([`lambdas/${name}`], /^handler\.ts$/).includes(`lambdas/${name}/handler.ts`)
      ? []
      : [`lambdas/${name}: write handler.ts`]),
    ...(name in environments ? [] : [`lambdas/${name}: add its schema to shared/config/env.ts`]),
    ...(constructs.includes(`code: '${name}'`)
      ? []
      : [`lambdas/${name}: add a function with code: '${name}' to infra/constructs/`]),
  ]);
  expect(problems).toEqual([]);
});

test('every environment belongs to a folder of lambdas/', () => {
  const folders = foldersIn('lambdas');
  expect(Object.keys(environments).filter((name) => !folders.includes(name))).toEqual([]);
});

test('every provider runs the contract suite', () => {
  const suites = filesIn(['test/providers'], /\.test\.ts$/).map((file) =>
    importsOf(file).map(({ path }) => path ?? ''),
  );
  const without = foldersIn('shared/providers').filter(
    (name) =>
      !suites.some(
        (paths) =>
          paths.some((path) => path.startsWith(`shared/providers/${name}/`)) &&
          paths.includes('test/contracts/access-provider.contract.ts'),
      ),
  );
  expect(
    without.map((name) => `shared/providers/${name}: call accessProviderContract in a test`),
  ).toEqual([]);
});

test('decisions are numbered without gaps and say context, decision and consequences', () => {
  const files = filesIn(['docs/decisions'], /\.md$/).map((file) => file.replace(/^.*\//, ''));
  expect(files.map((file) => file.slice(0, 5))).toEqual(
    files.map((_, index) => `${String(index + 1).padStart(4, '0')}-`),
  );
  expect(files.length).toBeGreaterThanOrEqual(6);
  for (const file of files) {
    const text = textOf(`docs/decisions/${file}`);
    expect(text).toMatch(new RegExp(`^# ${file.slice(0, 4)} .+`));
    for (const part of ['Context', 'Decision', 'Consequences']) {
      expect(text).toMatch(new RegExp(`^## ${part}$`, 'm'));
    }
  }
});
