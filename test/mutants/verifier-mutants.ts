/**
 * Defects that somebody might plant in the verifier, each as a change of text. A test has to go red for every one of them:
 * `npx tsx test/mutants/main.ts` tries them one by one on a copy of its own.
 */
export type Mutant = {
  /** The check that is gone. */
  readonly what: string;
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
};

const AUDIT = 'shared/domain/audit';
const at = (name: string) => (what: string, from: string, to: string) => ({
  ...{ what, from, to },
  file: `${AUDIT}/${name}.ts`,
});
const rows = at('verify-rows');
const line = at('row-line');
const checkpoints = at('verify-checkpoints');
const closely = at('verify-closely');
const heads = at('verify-heads');
const whole = at('verify');
const beside = at('verify-beside');
const sums = at('multiset');
const tree = at('merkle');
const records = at('verify-records');
const claims = at('claims');
const grants = at('grant-facts');
const holdings = at('holding-fold');
const policies = at('verify-policies');
const tagged = at('tagged-hash');
const switches = at('switch-fold');
const digests = at('keyed-digests');
const quick = at('quick-fold');
const cutHeads = at('head-line');
const folder = (what: string, from: string, to: string) => ({
  ...{ what, from, to },
  file: 'local/audit/folder-source.ts',
});

export const VERIFIER_MUTANTS: readonly Mutant[] = [
  rows('a parsed row need not have its hash', 'if (!hasItsHash(row))', 'if (row.hash === null)'),
  rows(
    'a parsed row need not follow the one before',
    'row.previous !== last.hash',
    'row.previous === null',
  ),
  rows('numbers may have gaps', 'found.seq > seq + 1', 'found.seq > seq + 1000'),
  rows('a number may come twice', 'if (found.seq <= last.seq)', 'if (found.seq < last.seq - 9)'),
  rows(
    'a row may stand at the place of another',
    'if (!isAtHome(found, row)) return',
    'if (found.chain === null) return',
  ),
  rows(
    'a row may be of another tenant',
    'tenant !== null && row.tenant !== tenant',
    'tenant === null && row.tenant !== tenant',
  ),
  rows(
    'a row that is none is passed over',
    "findings.add(aboutRow('unreadable-row', found, 'It is not the row of an event.'));",
    '',
  ),
  rows(
    'a row may hide from its index',
    'return found.misplaced === null ? null :',
    'return found.misplaced !== null ? null :',
  ),
  rows(
    'a line need not have its hash',
    '  lineHasItsHash(line);',
    '  lineHasItsHash(line) !== null;',
  ),
  rows(
    'a line need not follow the one before',
    'line.previous === last.hash &&',
    'line.previous !== null &&',
  ),
  rows('a line may be of another tenant', 'line.tenant === tenant &&', 'line.tenant !== null &&'),
  rows('a line may have any number', 'line.seq === last.seq + 1 &&', 'line.seq > 0 &&'),
  line('a tenant may be escaped', 'if (isEscaped(of)) return null;', ''),
  line('a name may be escaped', 'event < 0 || isEscaped(chain)', 'event < 0'),
  line('the body leaves out the number', 'hashedFrom: seq + 1,', 'hashedFrom: tenant,'),
  line(
    'a name that begins like the one before is taken for it',
    'line.startsWith(before, CHAIN.length) && line.startsWith(EVENT, CHAIN.length + before.length)',
    'line.startsWith(before, CHAIN.length)',
  ),
  line(
    'bytes are hashed from the start of what was read',
    'start + hashedTo, start',
    'hashedTo, start',
  ),
  tagged('bytes behind the gap do not count', 'size += bytes.copy(buffer, size, gap, end);', ''),
  tagged('a leaf need not be tagged', 'bytes[start] = TAG.leaf;', ''),
  rows('a line may stand where it is hidden', 'misplaced === null && line.seq', 'line.seq'),
  rows('a line may stand under another number', 'line.seq === seq && ', ''),
  rows('a line may stand in another chain', ' && line.chain === chain;', ';'),
  whole(
    'leaves that were read elsewhere do not count',
    '    run.sealed.merge(stated.sealed);\n',
    '',
  ),
  whole('heads that were read elsewhere do not count', '    run.heads.merge(stated.heads);\n', ''),
  whole('claims read elsewhere do not count', '    run.records.merge(stated.records);\n', ''),
  records('records read elsewhere claim nothing', 'claimed += elsewhere.count;', ''),
  whole(
    'findings of leaves that were read elsewhere are dropped',
    '    findings.merge(stated.findings, stated.findingCount);\n',
    '',
  ),
  whole('a line is not compared with the leaves', '      sealed.take(line);\n', ''),
  whole(
    'changes of policy in sealed lines are passed over',
    '|| line.chain.startsWith(POLICY)',
    '',
  ),
  whole('records of chains are not compared', '[sealed, heads, records]', '[sealed, records]'),
  whole('what records say is not compared', '[sealed, heads, records]', '[sealed, heads]'),
  whole('what was sealed since is not asked for', 'run.news?.add(leaf.chain);', ''),
  whole('which policy is in force is not asked for', 'new Set([POLICIES])', 'new Set()'),
  beside('a record may hide from its index', 'if (head.misplaced)', 'if (head.misplaced === "")'),
  policies(
    'a missing policy text is passed over',
    'for (const hash of missing)',
    'for (const hash of [...missing].slice(1))',
  ),
  policies(
    'the text of a policy may have any hash',
    'if (sha256(text) !== hash)',
    'if (sha256(text) === null)',
  ),
  policies(
    'the data of a policy may be other data',
    'contentOf(text) !== content',
    'contentOf(text) === undefined',
  ),
  whole(
    'a witness is not heard about what was sealed anew',
    'expected.hash !== hash)',
    'expected.hash === hash)',
  ),
  whole(
    'a witness is not heard about what was cut off',
    '(last?.n ?? 0) < expected.n',
    '(last?.n ?? 0) < 0',
  ),
  whole(
    'a sealer that stopped goes unsaid',
    'now.getTime() - Date.parse(last.to) > CHECKPOINT_WITHIN_MS',
    'now.getTime() - Date.parse(last.to) < 0',
  ),
  checkpoints(
    'any signature will do',
    "if (signatures.isSigned(checkpointMessage(checkpoint), Buffer.from(signature, 'base64')))",
    'if (signature)',
  ),
  checkpoints(
    'checkpoints need not be chained',
    'checkpoint.previous !== (last?.hash ?? NO_CHECKPOINT) ||',
    '',
  ),
  checkpoints(
    'checkpoints may have gaps',
    'if (checkpoint.n > expected)',
    'if (checkpoint.n > expected + 9)',
  ),
  checkpoints(
    'a checkpoint may stand under any name',
    'name !== checkpointName(checkpoint.n)',
    "name === ''",
  ),
  checkpoints(
    'a checkpoint may be of another table',
    '  next.table === before.table;',
    '  next.table !== null;',
  ),
  checkpoints('leaves need not have the root', 'root === checkpoint.root &&', 'root !== null &&'),
  checkpoints(
    'the root over the heads may be any',
    'heads === checkpoint.heads &&',
    'heads !== null &&',
  ),
  checkpoints(
    'the count of leaves may be any',
    'leaves.length === checkpoint.size &&',
    'leaves.length >= 0 &&',
  ),
  checkpoints(
    'leaves may be gone',
    "findings.add(about('leaves-missing'",
    "if (checkpoint.n < 0) findings.add(about('leaves-missing'",
  ),
  checkpoints(
    'a leaf need not be canonical',
    'leafLine(leaf.data) === line',
    'leafLine(leaf.data) !== null',
  ),
  closely(
    'a leaf without a row is passed over',
    'if (!matched) findings.add',
    'if (matched) findings.add',
  ),
  closely('a row without a leaf is always young', 'isAfter(at, span.before)', 'at !== null'),
  closely(
    'an event may be sealed twice',
    'if (known) findings.add',
    'if (known === null) findings.add',
  ),
  heads('a tail may be cut off', 'if (head && head.seq > seq)', 'if (head && head.seq > seq + 99)'),
  heads(
    'a record may have any hash',
    'if (head?.seq === seq && head.hash === hash) return;',
    'if (head?.seq === seq) return;',
  ),
  sums('sums that are not zero go unsaid', 'if (lanes[lane] !== 0)', 'if (lanes[lane] === -1)'),
  digests('the end of a hash does not count', 'offset < HASH_WORDS;', 'offset < WORDS;'),
  digests('the chain does not count', 'next(names, WORDS, 0);', ''),
  digests('the number does not count', 'next(numbers, WORDS, 0);', ''),
  digests(
    'a number counts by its last 32 bits',
    'numbers[start + 1] = Math.floor(seq / WORD);',
    'numbers[start + 1] = 0;',
  ),
  digests(
    'what is no hash is cut to one',
    'Buffer.byteLength(joined) === joined.length',
    'joined.length > 0',
  ),
  sums('what is still kept is not compared', 'taken.flush();', ''),
  quick(
    'an event may come at any time',
    'if (!step?.from.includes(draft.status)) return false;',
    'if (!step) return false;',
  ),
  quick('an approval of the same person counts twice', 'approvals.delete(approver);', ''),
  quick('a code does not count', "of('factor') !== 'null'", "of('factor') === ''"),
  quick('a grant that is live is no claim', '|| LIVE.includes(draft.status)', ''),
  quick(
    'access that never began has begun',
    "if (draft.status === 'activating') put(draft, 'activatedAt', 'null');",
    '',
  ),
  quick('a field may look anyhow', 'approvers: `', 'approvers: `.*|'),
  cutHeads('the number of a record may be written as one likes', 'SEQUENCE.test(number) && ', ''),
  cutHeads('the name of a record may be escaped', 'PLAIN_CHAIN.test(chain) && ', ''),
  cutHeads('the last letter of a record does not count', ', -1);', ', -2);'),
  folder(
    'a record that differs and is no JSON says nothing',
    'return Head.parse(jsonOf(this.#line)).value;',
    'return jsonOf(this.text);',
  ),
  tree(
    'left and right change places',
    "merged = nodeBytes(peaks.pop() ?? '', merged);",
    "merged = nodeBytes(merged, peaks.pop() ?? '');",
  ),
  records(
    'a record is not held against the events',
    'if (own && own.seq <= seq && !fits.has(chain)) wrong(chain, NOT_AS_TOLD);',
    '',
  ),
  records(
    'a grant may say anything',
    'if (i > 0 || !owns.some((each) => isSame(each, claim)))',
    'if (i > 0)',
  ),
  records('a grant may be listed twice', 'if (i > 0 || !owns', 'if (!owns'),
  records(
    'a live grant may be missing',
    'if (each.seq === 0 && grants.length === 0)',
    'if (each.seq < 0)',
  ),
  records(
    'a grant of no request is passed over',
    'if (seq === 0) wrong(record, `It claims',
    'if (seq < 0) wrong(record, `It claims',
  ),
  grants(
    'the end of a grant does not count',
    '...{ authorizedAt, expiresAt, phase, endedAt },',
    '...{ authorizedAt, phase, endedAt },',
  ),
  claims(
    'a record that cannot be read is passed over',
    'text: state.success ? textOf(state.data) : UNREADABLE }];',
    'text: state.success ? textOf(state.data) : UNREADABLE }].filter(() => state.success);',
  ),
  claims(
    'a holding without events may say anything of itself',
    'seq === 0 && text === UNDECIDED',
    'seq === 0',
  ),
  claims('one grant may name any person', 'grants.length > 1', 'grants.length > 0'),
  claims(
    'a holding may stand under any key',
    'isAtHome(chain.slice(HOLDING.length), holding.data) &&',
    '',
  ),
  claims('a holding may be forgotten by the sweep', 'isLookedAfter(holding.data)', 'true'),
  grants(
    'approvers do not count',
    '...{ policyHash, approvers, breakGlass',
    '...{ policyHash, breakGlass',
  ),
  grants(
    'the policy of a grant does not count',
    '...{ policyHash, approvers, breakGlass',
    '...{ approvers, breakGlass',
  ),
  grants('an emergency does not count', ', breakGlass: breakGlass ?? false }', ' }'),
  switches(
    'the policy in force does not count',
    'return { hash, activatedAt: at };',
    'return { activatedAt: at };',
  ),
  switches('a policy waits for ever', 'return rest;', 'return record;'),
  switches('a pause never ends', "paused: type === 'GrantsPaused'", 'paused: true'),
  switches('a stop is never lifted', 'return NOTHING_STOPPED;', 'return record;'),
  switches('who confirmed a stop does not count', 'confirmedBy: person', 'confirmedBy: proposedBy'),
  claims('switches are not compared', ' || isSwitch(chain);', ';'),
  holdings('the account does not count', 'return { ...decided, accountId };', 'return decided;'),
  holdings(
    'what was there before does not count',
    'return { ...decided, baseline: membership };',
    'return decided;',
  ),
  holdings(
    'what was there before is never forgotten',
    'return { ...decided, baseline: null, ours',
    'return { ...decided, ours',
  ),
  holdings(
    'what is ours is never forgotten',
    'baseline: null, ours: null, isUnsure',
    'baseline: null, isUnsure',
  ),
  holdings(
    'an open call does not count',
    'intents: [...intents, { intentId, kind, role }],',
    'intents,',
  ),
  holdings('the role that is ours does not count', 'canonicalJson({ ours, unranked })', 'unranked'),
  holdings(
    'a call that was refused counts',
    "event['result'] === 'confirmed'",
    "event['result'] !== null",
  ),
  holdings(
    'what was taken away stays ours',
    "kind === 'remove' && intentId === lastIssued",
    "kind === 'none'",
  ),
  holdings('an earlier removal takes all', ' && intentId === lastIssued', ''),
  holdings(
    'one of two roles is taken for the one',
    'ours: left, isUnsure: true',
    'ours: left, isUnsure: false',
  ),
  holdings('a call is never over', 'each !== closed', 'each !== null'),
  holdings('a login need not make the key', 'login }) === id', 'login }) !== null'),
  holdings('an erased login may hold something', 'grants.length === 0 && id.slice', 'id.slice'),
  holdings(
    'a holding may never be due',
    'if (dueAt === null) return false;',
    'if (dueAt === null) return true;',
  ),
  holdings(
    'a holding may be due when all is over',
    'Date.parse(dueAt) <= Date.parse(expiresAt) + LATEST_MS',
    'Date.parse(dueAt) > 0',
  ),
  checkpoints(
    'a chain that begins like the one before is taken for it',
    'end === CHAIN.length + before.length && ',
    '',
  ),
  checkpoints(
    'a chain in a leaf may be escaped',
    'if (!isSame && !PLAIN_CHAIN.test(chain)) return null;',
    '',
  ),
  checkpoints(
    'a number in a leaf may be written as one likes',
    'PLAIN_SEQ.test(seq);',
    'seq.length > 0;',
  ),
];
