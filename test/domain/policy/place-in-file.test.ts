/** Where a rule stands in the text of its policy, for whoever wants to read it; nowhere, where that is not sure. */
import { placeOfRule } from '../../../shared/domain/policy/place-in-file.ts';

const block = `version: 1
# rules: in a comment, id: first
roles: { id: first }
rules:
  - id: first # the first
    note: x # id: second
  # - id: second
  - { entitlements: [a], id: "second" }
  - id: 'third.one'
  - "id": fourth
  - id: third-one
`;

test.each([
  ['first', { line: 5, column: 5 }],
  ['second', { line: 8, column: 26 }],
  ['third.one', { line: 9, column: 5 }],
  ['fourth', { line: 10, column: 5 }],
  ['third-one', { line: 11, column: 5 }],
  ['third', null],
  ['one', null],
  ['firs', null],
  ['gone', null],
  ['first # the first', null],
  ['.', null],
  ['a'.repeat(64), null],
  ['', null],
])('%s stands at %j', (rule, place) => {
  expect(placeOfRule(block, rule)).toEqual(place);
});

test.each([
  ['rules:\n  - id: a\n  - id: a\n', null],
  ['roles:\n  - id: a\n', null],
  ['  - id: a\nrules: []\n', null],
  ['"rules" :\n- id : a\n', { line: 2, column: 3 }],
  ['{ "version": 1, "rules": [{ "id": "a" }] }', { line: 1, column: 29 }],
  ['{\n  "rules": [\n    { "id": "a" }\n] }', { line: 3, column: 7 }],
  ['rules:\n  - id: a, more\n', { line: 2, column: 5 }],
  ['rules:\n  - id: "a\n', null],
  ['rules:\n  - uid: a\n', null],
  ['rules:\n  - id: a b\n', null],
  ['rules:\n# - id: a\n', null],
  ['rules:\n\t# - id: a\n', null],
  ['rules:\n# - id: a\n  - id: a\n', { line: 3, column: 5 }],
  ['rules: # x\n  - x: "y" # id: a\n', null],
])('in %j the rule a stands at %j', (text, place) => {
  expect(placeOfRule(text, 'a')).toEqual(place);
});
