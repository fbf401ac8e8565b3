/**
 * An attacker who may change every row, record and file, but has not the signing key. Each attack is tried on a log of its own;
 * detected / tried is printed. What cannot be detected is tried too, and has to stay undetected: then the documents are right.
 */
import type { AuditRow } from '../../../shared/domain/audit/audit-source.ts';
import type { Json } from '../../../shared/domain/audit/canonical-json.ts';
import { chainEvents, EMPTY_CHAIN } from '../../../shared/domain/audit/chain.ts';
import {
  checkpointHash,
  checkpointName,
  SignedCheckpoint,
} from '../../../shared/domain/audit/checkpoint.ts';
import type { Report } from '../../../shared/domain/audit/verify.ts';
import {
  type AuditLog,
  auditLog,
  copyOf,
  everyEvent,
  everyStory,
  instant,
  openKeys,
  POLICY_HASH,
  rowAt,
  signedText,
  storyOf,
  TENANT,
  verified,
} from '../../support/audit-fixture.ts';

const keys = openKeys();
const theirs = openKeys();
const clean = auditLog(keys);
const VICTIM = 'request#request-1';
const EVENTS = [...everyEvent()];
/** One small log per kind of chain, with a bystander: what is tried a thousand times should be tried fast. */
const LOGS = new Map(
  EVENTS.map(([chain, events]) => [
    chain,
    auditLog(
      keys,
      storyOf([
        [chain, events],
        ['request#bystander', events.slice(0, 1)],
      ]),
    ),
  ]),
);
const CHAINS = [...LOGS.keys()];
const logOf = (chain: string): AuditLog => LOGS.get(chain) ?? clean;

type Tried = { kind: string; detected: number; tried: number; missed: string[] };
const tally: Tried[] = [];
const emptyTally = (kind: string): Tried => ({ kind, detected: 0, tried: 0, missed: [] });

/** Tries one attack on its own copy. Answers the report; counts. */
async function attack(
  kind: string,
  name: string,
  change: (log: AuditLog) => void,
  more: Parameters<typeof verified>[2] = {},
): Promise<Report> {
  const log = copyOf(logOf(name.split('/')[0] ?? ''));
  change(log);
  const report = await verified(log, keys, more);
  const row = tally.find((one) => one.kind === kind) ?? emptyTally(kind);
  if (row.tried === 0) tally.push(row);
  row.tried += 1;
  if (report.status === 'ok') row.missed.push(name);
  else row.detected += 1;
  return report;
}

/** Puts these events in the place of a chain, every hash, link and record made anew: all that the table's owner can do. */
function rechain(log: AuditLog, chain: string, events: AuditRow['event'][]): void {
  const { links, head } = chainEvents({ tenant: TENANT, chain, head: EMPTY_CHAIN }, events);
  log.rows.set(
    chain,
    links.map((row) => ({ seq: row.seq, row, misplaced: null })),
  );
  if (links.length === 0) log.heads.delete(chain);
  else log.heads.set(chain, { chain, ...head });
}
/** Something else at the place of one row. */
function setRow(log: AuditLog, at: { chain: string; seq: number }, row: unknown): void {
  const list = log.rows.get(at.chain) ?? [];
  log.rows.set(
    at.chain,
    list.map((one) => (one.seq === at.seq ? { ...one, row } : one)),
  );
}
const eventsOf = (log: AuditLog, chain: string) =>
  (log.rows.get(chain) ?? []).map(({ seq }) => rowAt(log, chain, seq).event);

/** Every place in a JSON value at which a scalar stands, with another scalar to put there. */
function* scalarsIn(value: Json, path: string[] = []): Iterable<{ path: string[]; other: Json }> {
  if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value))
      if (part !== undefined) yield* scalarsIn(part, [...path, name]);
  } else if (typeof value === 'string')
    yield { path, other: `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}` };
  else if (typeof value === 'number') yield { path, other: value + 1 };
  else yield { path, other: value === null ? 'evil' : !value };
}

function withAt(value: Json, path: readonly string[], other: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return other;
  if (Array.isArray(value))
    return value.map((part, i) => (String(i) === name ? withAt(part, rest, other) : part));
  const fields: Record<string, Json> = Object.fromEntries(Object.entries(Object(value)));
  return { ...fields, [name]: withAt(fields[name] ?? null, rest, other) };
}

afterAll(() => {
  const lines = tally.map(
    ({ kind, detected, tried }) => `${kind.padEnd(62)} ${String(detected).padStart(5)} / ${tried}`,
  );
  const sum = (what: 'detected' | 'tried') => tally.reduce((total, one) => total + one[what], 0);
  process.stdout.write(
    `\nTampering by somebody with every table and file, without the signing key: detected / tried\n${lines.join('\n')}\n${'all'.padEnd(62)} ${String(sum('detected')).padStart(5)} / ${sum('tried')}\n`,
  );
});

const missed = (kind: string) => tally.find((one) => one.kind === kind)?.missed ?? ['never tried'];

test('every field of every kind of event, changed where it stands, is found, and the row is named', async () => {
  const kind = 'change one field of an event row';
  const wrong: string[] = [];
  for (const chain of CHAINS)
    for (const { seq, row } of logOf(chain).rows.get(chain) ?? []) {
      for (const { path, other } of scalarsIn(Object(row))) {
        const at = `${chain}/${seq}`;
        const report = await attack(kind, `${at} ${path.join('.')}`, (log) => {
          setRow(log, { chain, seq }, withAt(Object(row), path, other));
        });
        if (report.findings[0]?.where !== at) wrong.push(`${at} ${path.join('.')}`);
      }
    }
  expect(missed(kind)).toEqual([]);
  expect(wrong).toEqual([]);
});

test('every field of every kind of event, changed and the whole chain made anew behind it, is found and named', async () => {
  const kind = 'change one field, re-chain, set the record';
  const wrong: string[] = [];
  for (const chain of CHAINS) {
    const events = eventsOf(logOf(chain), chain);
    for (const [i, event] of events.entries())
      for (const { path, other } of scalarsIn(event)) {
        const report = await attack(kind, `${chain}/${i + 1} ${path.join('.')}`, (log) =>
          rechain(
            log,
            chain,
            events.map((one, j) => (j === i ? Object(withAt(one, path, other)) : one)),
          ),
        );
        if (report.findings[0]?.where !== `${chain}/${i + 1}`)
          wrong.push(`${chain}/${i + 1} ${path.join('.')}: ${report.findings[0]?.where}`);
      }
  }
  expect(missed(kind)).toEqual([]);
  expect(wrong).toEqual([]);
});

test('a row that was deleted is named, with and without the chain made anew behind it', async () => {
  for (const chain of CHAINS) {
    const events = eventsOf(logOf(chain), chain);
    for (const [i] of events.entries()) {
      const plain = await attack('delete a row', `${chain}/${i + 1}`, (log) => {
        log.rows.set(
          chain,
          (log.rows.get(chain) ?? []).filter(({ seq }) => seq !== i + 1),
        );
      });
      expect(plain.findings[0]).toMatchObject({
        where: `${chain}/${i + 1}`,
        code: i + 1 === events.length && i > 0 ? 'cut-off' : 'deleted',
      });
      const rest = events.filter((_, j) => j !== i);
      const anew = await attack(
        'delete a row, re-chain, set the record',
        `${chain}/${i + 1}`,
        (log) => rechain(log, chain, rest),
      );
      expect(anew.findings[0]?.where).toBe(`${chain}/${i + 1}`);
    }
  }
  expect(missed('delete a row')).toEqual([]);
  expect(missed('delete a row, re-chain, set the record')).toEqual([]);
});

test('a whole chain that was deleted, record and all, is named', async () => {
  const kind = 'delete a chain and its record';
  for (const chain of CHAINS) {
    const { findings } = await attack(kind, chain, (log) => rechain(log, chain, []));
    const first = findings.find(({ row }) => row !== null);
    expect(first).toMatchObject({ code: 'deleted', where: `${chain}/1` });
  }
  expect(missed(kind)).toEqual([]);
});

test('a tail that was cut off is named, even before it was sealed', async () => {
  const kind = 'cut off the tail of a chain';
  for (const chain of CHAINS) {
    const events = eventsOf(logOf(chain), chain);
    for (let keep = 1; keep < events.length; keep += 3) {
      const { findings } = await attack(kind, `${chain}/after ${keep}`, (log) =>
        rechain(log, chain, events.slice(0, keep)),
      );
      expect(findings[0]).toMatchObject({ code: 'cut-off', where: `${chain}/${keep + 1}` });
    }
  }
  const young = auditLog(
    keys,
    new Map([[VICTIM, [1, 64].map((minute) => ({ minute, event: { type: 'X' } }))]]),
    60,
  );
  young.rows.set(VICTIM, (young.rows.get(VICTIM) ?? []).slice(0, 1));
  expect((await verified(young, keys)).findings).toMatchObject([
    { code: 'cut-off', where: `${VICTIM}/2` },
  ]);
  expect(missed(kind)).toEqual([]);
});

test('a row that was inserted is named: in the middle, at the end, as a chain of its own, under a number twice', async () => {
  const kind = 'insert a row';
  for (const chain of CHAINS) {
    const events = eventsOf(logOf(chain), chain);
    for (let i = 0; i <= events.length; i += 1) {
      const forged = { ...events[0], at: instant(3), actor: 'evil' };
      const { findings } = await attack(kind, `${chain}/${i + 1}`, (log) =>
        rechain(log, chain, events.toSpliced(i, 0, forged)),
      );
      expect(findings[0]?.where).toBe(`${chain}/${i + 1}`);
    }
  }
  const own = await attack(kind, 'chain of its own', (log) =>
    rechain(log, 'request#AR-EVIL', [{ type: 'AccessRequested', at: instant(3) }]),
  );
  expect(own.findings[0]).toMatchObject({ code: 'inserted', where: 'request#AR-EVIL/1' });
  const undated = await attack(kind, 'without an instant', (log) =>
    rechain(log, 'request#AR-EVIL', [{ type: 'AccessRequested' }]),
  );
  expect(undated.findings[0]).toMatchObject({ code: 'inserted' });
  const twice = await attack(kind, 'a number twice', (log) => {
    const list = log.rows.get(VICTIM) ?? [];
    log.rows.set(VICTIM, list.toSpliced(1, 0, ...list.slice(0, 1)));
  });
  expect(twice.findings[0]).toMatchObject({ code: 'inserted', where: `${VICTIM}/1` });
  expect(missed(kind)).toEqual([]);
});

test('rows that changed places are named: as they are, renumbered, re-chained, between chains', async () => {
  const kind = 'swap two rows';
  for (const chain of CHAINS) {
    const events = eventsOf(logOf(chain), chain);
    for (let i = 1; i < events.length; i += 1) {
      const plain = await attack(kind, `${chain}/${i}`, (log) => {
        const [a, b] = [rowAt(log, chain, i), rowAt(log, chain, i + 1)];
        setRow(log, { chain, seq: i }, b);
        setRow(log, { chain, seq: i + 1 }, a);
      });
      expect(plain.findings[0]).toMatchObject({ code: 'swapped', where: `${chain}/${i}` });
      const [a, b] = [events[i - 1], events[i]];
      if (!a || !b) continue;
      const anew = await attack(`${kind}, re-chain, set the record`, `${chain}/${i}`, (log) =>
        rechain(log, chain, events.toSpliced(i - 1, 2, b, a)),
      );
      expect(anew.findings[0]?.where).toBe(`${chain}/${i}`);
    }
  }
  const between = await attack(kind, 'between chains', (log) => {
    const [one, other] = [log.rows.get(VICTIM), log.rows.get('request#request-2')];
    if (one && other) {
      log.rows.set(VICTIM, other);
      log.rows.set('request#request-2', one);
    }
  });
  expect(between.findings[0]?.code).toBe('swapped');
  expect(missed(kind)).toEqual([]);
  expect(missed(`${kind}, re-chain, set the record`)).toEqual([]);
});

test('a chain that forks is found whichever branch is shown', async () => {
  const kind = 'fork a chain';
  for (const chain of CHAINS) {
    const events = eventsOf(logOf(chain), chain);
    const branch = events.map((event, i) =>
      i >= events.length - 1 ? { ...event, branch: 2 } : event,
    );
    await attack(kind, `${chain}/other branch`, (log) => rechain(log, chain, branch));
    await attack(kind, `${chain}/both`, (log) => {
      const both = copyOf(log);
      rechain(both, chain, branch);
      log.rows.set(chain, [
        ...(log.rows.get(chain) ?? []),
        ...(both.rows.get(chain) ?? []).slice(-1),
      ]);
    });
  }
  expect(missed(kind)).toEqual([]);
});

test('a row that cannot be read, or stands at the wrong place of an index, is named', async () => {
  const kind = 'make a row unreadable or hide it from an index';
  for (const row of [
    null,
    7,
    'text',
    [],
    {},
    { chain: VICTIM },
    { ...rowAt(clean, VICTIM, 2), more: 1 },
    { ...rowAt(clean, VICTIM, 2), hash: 'X' },
    { ...rowAt(clean, VICTIM, 2), event: [] },
  ]) {
    const { findings, status } = await attack(kind, JSON.stringify(row), (log) => {
      setRow(log, { chain: VICTIM, seq: 2 }, row);
    });
    expect(status).toBe('tampered');
    expect(findings.map(({ where }) => where)).toContain(`${VICTIM}/2`);
  }
  const hidden = await attack(kind, 'index', (log) => {
    const list = log.rows.get(VICTIM) ?? [];
    log.rows.set(
      VICTIM,
      list.map((one) =>
        one.seq === 2 ? { ...one, misplaced: 'It stands under another day.' } : one,
      ),
    );
  });
  expect(hidden.findings).toMatchObject([{ code: 'wrong-place', where: `${VICTIM}/2` }]);
  expect(missed(kind)).toEqual([]);
});

test('a record that says something else than the rows is found', async () => {
  const kind = 'change a record';
  for (const chain of CHAINS) {
    const head = logOf(chain).heads.get(chain);
    if (!head) throw new Error(chain);
    await attack(kind, `${chain}/hash`, (log) =>
      log.heads.set(chain, { ...head, hash: 'e'.repeat(64) }),
    );
    await attack(kind, `${chain}/ahead`, (log) =>
      log.heads.set(chain, { ...head, seq: head.seq + 1 }),
    );
    await attack(kind, `${chain}/behind`, (log) =>
      log.heads.set(chain, { ...head, seq: head.seq - 1 }),
    );
    await attack(kind, `${chain}/gone`, (log) => log.heads.delete(chain));
  }
  await attack(kind, 'of no chain', (log) =>
    log.heads.set('request#x', { chain: 'request#x', seq: 2, hash: 'e'.repeat(64) }),
  );
  expect(missed(kind)).toEqual([]);
});

const NAMES = [...clean.checkpoints.keys()];
const signedAt = (log: AuditLog, name: string) =>
  SignedCheckpoint.parse(JSON.parse(log.checkpoints.get(name) ?? ''));

test('every field of every checkpoint, changed, is found', async () => {
  const kind = 'change one field of a checkpoint';
  for (const name of NAMES)
    for (const { path, other } of scalarsIn(signedAt(clean, name))) {
      // Names a key; it is not what says which key is trusted.
      if (path[0] === 'key') continue;
      await attack(kind, `${name} ${path.join('.')}`, (log) =>
        log.checkpoints.set(name, JSON.stringify(withAt(signedAt(log, name), path, other))),
      );
      if (path[0] !== 'checkpoint') continue;
      await attack(
        'change a checkpoint, sign it with another key',
        `${name} ${path.join('.')}`,
        (log) => {
          const changed = SignedCheckpoint.safeParse(withAt(signedAt(log, name), path, other));
          log.checkpoints.set(
            name,
            changed.success ? signedText(changed.data.checkpoint, theirs) : '{}',
          );
        },
      );
    }
  expect(missed(kind)).toEqual([]);
  expect(missed('change a checkpoint, sign it with another key')).toEqual([]);
});

test('checkpoints that were deleted, exchanged, repeated or sealed anew with another key are found', async () => {
  const kind = 'delete, exchange, repeat, forge checkpoints';
  for (const [i, name] of NAMES.entries()) {
    if (i < NAMES.length - 1) {
      const { findings } = await attack(kind, `delete ${name}`, (log) =>
        log.checkpoints.delete(name),
      );
      expect(findings.map(({ where }) => where)).toContain(name);
      await attack(kind, `exchange ${name}`, (log) => {
        const [a, b] = [log.checkpoints.get(name), log.checkpoints.get(NAMES[i + 1] ?? '')];
        log.checkpoints.set(name, b ?? '');
        log.checkpoints.set(NAMES[i + 1] ?? '', a ?? '');
      });
    }
    await attack(kind, `repeat ${name}`, (log) =>
      log.checkpoints.set(checkpointName(99), log.checkpoints.get(name) ?? ''),
    );
  }
  await attack(kind, 'all, with another key', (log) => {
    for (const name of NAMES)
      log.checkpoints.set(name, signedText(signedAt(log, name).checkpoint, theirs));
  });
  await attack(kind, 'rewritten and all sealed with another key', (log) => {
    const story = new Map(everyStory());
    story.delete(VICTIM);
    Object.assign(log, auditLog(theirs, story));
  });
  expect(missed(kind)).toEqual([]);
});

test('the last three checkpoints cannot be dropped under a witness, and not for long without one', async () => {
  const drop = (log: AuditLog) => {
    for (const name of NAMES.slice(-3)) log.checkpoints.delete(name);
  };
  const kind = 'drop the last three checkpoints';
  const witnessed = await attack(kind, 'witness', drop, {
    expected: { n: NAMES.length, hash: null },
  });
  expect(witnessed.findings).toMatchObject([{ code: 'checkpoints-cut-off', where: NAMES.at(-1) }]);
  const late = await attack(kind, 'clock', drop, { now: new Date(instant(27)) });
  expect(late.findings).toMatchObject([{ code: 'checkpoint-late' }]);
  expect(missed(kind)).toEqual([]);
});

test('leaves that were changed, left out, added, reordered, repeated or taken away are found', async () => {
  const kind = 'change, drop, add, reorder leaves';
  for (const [name, text] of clean.leaves) {
    const lines = text.split('\n').slice(0, -1);
    const change = (what: string, next: string | null) =>
      attack(kind, `${name} ${what}`, (log) => {
        if (next === null) log.leaves.delete(name);
        else log.leaves.set(name, next);
      });
    const joined = (list: string[]) => list.map((line) => `${line}\n`).join('');
    await change('add', `${text}{"chain":"z","hash":"${'e'.repeat(64)}","seq":1}\n`);
    await change('junk', `${text}junk`);
    if (lines.length === 0) continue;
    await change('take away', null);
    await change('empty', '');
    await change('repeat', joined([...lines, lines.at(-1) ?? '']));
    await change('space', text.replace('","seq"', '", "seq"'));
    await change('hash', text.replace(/"hash":"./, '"hash":"g'));
    if (lines.length < 2) continue;
    await change('drop', joined(lines.slice(1)));
    await change('reorder', joined([...lines].reverse()));
  }
  expect(missed(kind)).toEqual([]);
});

test('a policy that was in force cannot be changed or taken away', async () => {
  const kind = 'change or delete a policy version';
  const at = (log: AuditLog) => log.policies.get(POLICY_HASH);
  const text = await attack(kind, 'text', (log) =>
    log.policies.set(POLICY_HASH, { text: 'version: 2\n', content: '{"people":{},"version":1}' }),
  );
  expect(text.findings[0]?.code).toBe('policy-altered');
  await attack(kind, 'content', (log) =>
    log.policies.set(POLICY_HASH, { text: at(log)?.text ?? '', content: '{"people":{"evil":1}}' }),
  );
  const gone = await attack(kind, 'gone', (log) => log.policies.delete(POLICY_HASH));
  expect(gone).toMatchObject({ status: 'incomplete', findings: [{ code: 'policy-missing' }] });
  expect(missed(kind)).toEqual([]);
});

describe('what no verifier can see, and the documents say so', () => {
  test('an event that was changed before it was sealed: only the alarm on changed rows saw it', async () => {
    const log = auditLog(keys, everyStory(), 30);
    rechain(log, 'request#young', [{ type: 'X', at: instant(29.9), truth: false }]);
    expect(await verified(log, keys)).toMatchObject({ status: 'ok', counts: { unsealed: 1 } });
  });

  test('history that was rewritten and sealed anew with the real key: only a witness or the locked copies know', async () => {
    const story = new Map(everyStory());
    story.delete(VICTIM);
    const rewritten = auditLog(keys, story);
    expect((await verified(rewritten, keys)).status).toBe('ok');
    // The last one, over nothing: its own root is the same, what it follows is not.
    const { checkpoint } = signedAt(clean, NAMES.at(-1) ?? '');
    expect(checkpoint.size).toBe(0);
    const expected = { n: checkpoint.n, hash: checkpointHash(checkpoint) };
    expect((await verified(clean, keys, { expected })).status).toBe('ok');
    expect(await verified(rewritten, keys, { expected })).toMatchObject({
      status: 'tampered',
      findings: [{ code: 'checkpoint-altered' }],
    });
  });
});
