/** The generated part of docs/ is what the schemas say now, and the schemas say what the journal holds. */

import { EVENT_MEANINGS } from '../../local/docs/event-meanings.ts';
import { fieldComments } from '../../local/docs/field-comments.ts';
import { COMMAND, generatedDocs, MODEL_FILES } from '../../local/docs/generated-docs.ts';
import { AuditEvent } from '../../local/state-view.ts';
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { REFUSAL_CODES } from '../../shared/application/refusal-codes.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { absent, put } from '../../shared/ports.ts';
import { HISTORIES, START } from '../support/samples.ts';
import { filesIn, textOf } from './support/source.ts';

const docs = generatedDocs(textOf);

const stale = (written: (path: string) => string): string[] =>
  [...docs].flatMap(([path, text]) =>
    written(path) === text ? [] : [`${path} is stale: run ${COMMAND} and commit what it wrote`],
  );
const committed = (path: string): string =>
  filesIn(['docs'], /\.(json|md)$/).includes(path) ? textOf(path) : '';

test('the generated docs are fresh', () => {
  expect(stale(committed)).toEqual([]);
});

test('this can fail: one changed letter is found, by name, with the command that mends it', () => {
  const page = 'docs/audit-events.md';
  const written = (path: string) => `${docs.get(path)}${path === page ? ' ' : ''}`;
  expect(stale(written)).toEqual([
    `${page} is stale: run npx tsx local/docs/generate.ts and commit what it wrote`,
  ]);
});

test('docs/contract holds nothing else', () => {
  expect(filesIn(['docs/contract'], /./)).toEqual(
    [...docs.keys()].filter((path) => path.startsWith('docs/contract/')).sort(),
  );
});

test('every event is on the page, under its name', () => {
  const page = docs.get('docs/audit-events.md') ?? '';
  for (const type of Object.keys(EVENT_MEANINGS))
    expect(page.split('\n').filter((line) => line.startsWith(`| \`${type}\` |`))).toHaveLength(1);
});

test('a comment belongs to the field it stands before, in the event it stands in', () => {
  const comments = fieldComments(MODEL_FILES.map(textOf));
  expect(comments.get('GrantAuthorized')?.get('expiresAt')).toMatch(/^End of access/);
  expect(comments.get('GrantExtended')?.get('expiresAt')).toBeUndefined();
  expect(comments.get('PolicyChanged')?.get('hash')).toMatch(/^SHA-256 of the file/);
  expect(comments.get('RemovalFailed')).toEqual(new Map());
});

test('a refusal code belongs to one who says it', () => {
  const codes = Object.values(REFUSAL_CODES).flat();
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  for (const code of codes) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

test('what the journal holds fits the schemas that are published', async () => {
  const journal = memoryJournal('acme');
  const events = HISTORIES.ended;
  await journal.commit([put(absent('request', 'AR-7K2M9Q'), replay(events), events)], START);
  const rows = await journal.eventsOn('2026-03-02', 100);
  expect(rows.map((row) => AuditEvent.parse(row))).toEqual(rows);
  expect(rows).toHaveLength(events.length);
  const [request] = await journal.requestsOf('U0ANA', 1);
  expect(KnownRequest.parse(request)).toEqual(request);
  expect(() => KnownRequest.parse({ status: 'new' })).toThrow();
});
