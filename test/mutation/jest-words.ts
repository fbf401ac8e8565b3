/**
 * The words of jest that the domain's tests are written in, for mocha: it loads the tests once and keeps them, where jest loads
 * everything anew for each of ten thousand mutants. Random cases are the same in every run, else a mutant lives or dies by luck,
 * and nothing that the domain remembers of a policy outlives a test, else one mutant is judged by what another left behind.
 */
import { createRequire } from 'node:module';
import { expect } from 'expect';
import fc from 'fast-check';
import { bind } from 'jest-each';

/** What Stryker counts on its first run: which mutants were reached while loading, and which by each test. */
type Counted = {
  readonly static: Record<string, number>;
  readonly perTest: Record<string, Record<string, number>>;
};
declare global {
  var __stryker__: { mutantCoverage?: Counted } | undefined;
}

let forgotten = 0;
const Kept = WeakMap;

/** Who made a thing of this class, and for whom: the lines of the stack beneath its own. */
function makersOf(name: string): readonly string[] {
  const lines = (new Error().stack ?? '').split('\n');
  return lines.slice(lines.findLastIndex((line) => line.includes(name)) + 1);
}
const isDomain = (line = ''): boolean => line.includes('/shared/domain/');

/** A memory of the domain or of what tests share, empty again once `forgotten` was raised. Everybody else's stay as they are. */
class Remembered<K extends WeakKey, V> extends Kept<K, V> {
  readonly #isOurs = /\/(?:shared\/domain|test\/support)\//.test(makersOf('Remembered')[0] ?? '');
  readonly #since = new Kept<K, number>();

  constructor(entries: Iterable<readonly [K, V]> | null = null) {
    super();
    for (const [key, value] of entries ?? []) this.set(key, value);
  }

  override get(key: K): V | undefined {
    const isStale = this.#isOurs && this.#since.get(key) !== forgotten;
    return isStale ? undefined : super.get(key);
  }

  override set(key: K, value: V): this {
    this.#since.set(key, forgotten);
    return super.set(key, value);
  }
}

const Table = Map;
const tables: Map<unknown, unknown>[] = [];

/** What a module of the domain keeps for good in a table that starts empty, such as the formats of time zones: empty again before each test. */
class LoadedTable<K, V> extends Table<K, V> {
  constructor(entries: Iterable<readonly [K, V]> | null = null) {
    super(entries);
    const makers = makersOf('LoadedTable');
    // The module's own line and the function that it is loaded as; deeper it is some function's, and what that made is kept.
    const depth = makers.findIndex((line) => line.includes('(node:'));
    const isModule = depth <= 2 && makers.slice(0, depth).every(isDomain);
    if (this.size === 0 && isModule) tables.push(this);
  }
}

/** Stryker picks tests by one expression of all their titles, which V8 finds too large from a thousand on, and slow before. */
class Picked extends RegExp {
  readonly #titles: ReadonlySet<string>;

  constructor(list: string) {
    super('');
    const titles = list.slice(2, -2).split('$)|(^');
    this.#titles = new Set(titles.map((title) => title.replace(/\\(.)/gs, '$1')));
  }

  override test(text: string): boolean {
    return this.#titles.has(text);
  }
}
type Runner = { prototype: { grep: (this: object, wanted?: RegExp) => object } };
const { prototype: mocha }: Runner = createRequire(import.meta.url)('mocha');
const { grep } = mocha;
mocha.grep = function (wanted) {
  const list = wanted?.source ?? '';
  return grep.call(this, list.startsWith('(^') ? new Picked(list) : wanted);
};

// Mocha has its own words only once it loads the tests.
declare function after(run: () => unknown): void;
const test = (name: string, run: jest.ProvidesCallback): void => it(name, run);
const afterAll = (run: () => unknown): void => after(run);

fc.configureGlobal({ seed: 20261123 });
Object.assign(globalThis, {
  expect,
  afterAll,
  test: Object.assign(test, { each: bind(test, false) }),
  WeakMap: Remembered,
  Map: LoadedTable,
});

/** What a test reaches too is tried with these tests, without loading everything anew as for what is only ever reached by loading. */
function forgetWhatLoadingReached(): void {
  const { static: loading = {}, perTest = {} } = globalThis.__stryker__?.mutantCoverage ?? {};
  const tested = new Set(Object.values(perTest).flatMap((mutants) => Object.keys(mutants)));
  for (const mutant of Object.keys(loading)) if (tested.has(mutant)) delete loading[mutant];
}

export const mochaHooks = {
  // Modules are loaded: what is made from now on belongs to a test, and dies with it.
  beforeAll: () => {
    globalThis.Map = Table;
  },
  beforeEach: () => {
    forgotten += 1;
    for (const table of tables) table.clear();
  },
  afterAll: forgetWhatLoadingReached,
};
