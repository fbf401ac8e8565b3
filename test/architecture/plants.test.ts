/** A planted defect whose text is gone breaks nothing when it is tried: it must follow the product at once. */
import { VERIFIER_MUTANTS } from '../mutants/verifier-mutants.ts';
import { PLANTS } from '../simulation/plants.ts';
import { textOf } from './support/source.ts';

const edits = [
  ...PLANTS.flatMap(({ name, edits }) => edits.map((edit) => ({ name, ...edit }))),
  ...VERIFIER_MUTANTS.map(({ what, file, from, to }) => ({
    ...{ name: what, file, find: from },
    replace: to,
  })),
];

test('the text that a planted defect replaces stands exactly once in its file', () => {
  const times = (file: string, find: string) => textOf(file).split(find).length - 1;
  const stale = edits.filter(({ file, find }) => times(file, find) !== 1);
  expect(
    stale.map(({ name, file, find }) => `${name}: ${times(file, find)} times in ${file}: ${find}`),
  ).toEqual([]);
  expect(edits.length).toBeGreaterThan(80);
});

test('every planted defect changes something, under a name of its own', () => {
  expect(edits.filter(({ find, replace }) => find === replace)).toEqual([]);
  const names = PLANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
