/** Every message and view the product can produce: within Slack's limits, with its text, and harmless whatever anybody typed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { CORPUS, PARTS } from '../../support/corpus/corpus.ts';
import { problemsOf } from '../../support/corpus/harmless.ts';

const VIEWS = join(__dirname, '../../../lambdas/slack/views');
const RUNS = 20;

test.each([...CORPUS])('%s: within limits and harmless, over arbitrary states', (_, pieces) => {
  void fc.assert(
    fc.property(pieces, (made) => {
      expect(made.flatMap(problemsOf)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

/** `export function name(` and `export const name = (`, with what stands before the body: parameters and the declared answer. */
const EXPORTED =
  /^export (?:function (\w+)[\s\S]*?\)(?:: ([^{]*(?:\{[^}]*\} *)?))? ?\{$|const (\w+)(?:: (\w+)[^=\n]*)? = (?:\([\s\S]*?\)(?:: ([^=]*))? =>)?)/gm;
const PICTURE = /\b(Message|Modal|KnownBlock|Notices|Button|Option|Group)\b|blocks/;

/** Exported functions (and constants) that answer something Slack shows, or do not say what they answer. */
function buildersIn(file: string): string[] {
  const source = readFileSync(join(VIEWS, file), 'utf8');
  return [...source.matchAll(EXPORTED)].flatMap(([head, fn, fnAnswer, name, kind, answer]) => {
    const isFunction = fn !== undefined || head.endsWith('=>');
    if (!isFunction) return kind !== undefined && PICTURE.test(kind) ? [`${name}`] : [];
    const declared = (fn === undefined ? answer : fnAnswer) ?? 'blocks';
    return PICTURE.test(declared) ? [`${fn ?? name}`] : [];
  });
}
const builders = readdirSync(VIEWS)
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => buildersIn(file).map((name) => `${file.replace(/\.ts$/, '')}.${name}`));

test('every builder that the views export is in the corpus, or a part of one that is', () => {
  expect(builders.length).toBeGreaterThan(50);
  const known = [...CORPUS.keys(), ...Object.keys(PARTS)];
  expect(builders.filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !builders.includes(name))).toEqual([]);
  for (const seenIn of Object.values(PARTS)) expect([...CORPUS.keys()]).toContain(seenIn);
});
