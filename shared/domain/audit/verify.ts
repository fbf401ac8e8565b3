/**
 * Verifies an audit log from end to end: checkpoints and their leaves, rows and their links, both directions between the two,
 * where the records say their chains stand, and the policy versions. Reads streams and keeps a constant amount in memory: two
 * fingerprints of the same size say whether leaves and rows are the same; only what differs is read again and looked at closely.
 */
import { type AuditRow, type AuditSource, type FoundRow, instantOf } from './audit-source.ts';
import type { ChainHead } from './chain.ts';
import { type Before, type Checkpoint, checkpointName, type Leaf } from './checkpoint.ts';
import { claimsIn } from './claims.ts';
import { sha256 } from './digest.ts';
import { about, type Finding, type Findings, openFindings, type Trouble } from './findings.ts';
import { openNames } from './keyed-digests.ts';
import { type Multiset, openMultiset, SUMS, sumOf } from './multiset.ts';
import { type Signatures, verifyCheckpoints } from './verify-checkpoints.ts';
import { openCloseLook, type SealedSpan } from './verify-closely.ts';
import { openStanding } from './verify-heads.ts';
import { openRecords, openRecordsLook, type Records } from './verify-records.ts';
import { openRowChecker } from './verify-rows.ts';

/** What a sealer may be late by before an event has to be in a checkpoint. */
const SEALED_WITHIN_MS = 10 * 60_000;
/** Two intervals and a bit. */
const CHECKPOINT_WITHIN_MS = 11 * 60_000;
/** Rows that a close look takes into memory at once, and how many looks there are at most once tampering was found. */
const CLOSE_ROWS = 200_000;
const CLOSE_LOOKS = 8;

export type VerifyOptions = {
  readonly source: AuditSource;
  readonly signatures: Signatures;
  /** Random, of this run. */
  readonly key: string;
  /** Only what was sealed after this instant; links and signatures are checked from the start all the same. */
  readonly since?: string | null;
  /** Only this chain, `kind#id`; the source gives no other rows. */
  readonly chain?: string | null;
  /** What a witness wrote down. */
  readonly expected?: { readonly n: number; readonly hash: string | null } | null;
  /** Null: offline, nothing can be late. */
  readonly now?: Date | null;
  /** The data of a policy's text as JSON; null when it is no policy. */
  readonly contentOf: (text: string) => string | null;
  readonly onProgress?: (progress: Counts) => void;
};

export type Counts = { checkpoints: number; leaves: number; rows: number; chains: number };
export type Report = {
  readonly status: 'ok' | Trouble;
  readonly counts: Counts & {
    /** Rows so young that no checkpoint has to have them yet. */
    readonly unsealed: number;
    /** Requests whose records were compared with what their events lead to. */
    readonly records: number;
  };
  readonly last: { readonly n: number; readonly to: string; readonly hash: string } | null;
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** Checkpoints that came more than two intervals after the one before. */
  readonly pauses: number;
};

type Run = {
  readonly options: VerifyOptions;
  readonly findings: Findings;
  readonly counts: Counts;
  /** Leaves that were added and rows that were taken. */
  readonly sealed: Multiset;
  readonly heads: Multiset;
  readonly records: Records;
  readonly policies: Set<string>;
};

export async function verifyAudit(options: VerifyOptions): Promise<Report> {
  const names = openNames(options.key);
  const run: Run = {
    options,
    findings: openFindings(),
    counts: { checkpoints: 0, leaves: 0, rows: 0, chains: 0 },
    sealed: openMultiset(names),
    heads: openMultiset(names),
    records: openRecords(names, (chain) => isWanted(options, chain)),
    policies: new Set(),
  };
  const { before, pauses } = await checkpointsOf(run);
  const last = before?.checkpoint ?? null;
  checkLast(run, last);
  const span = spanOf(options, last);
  const young = await rowsOf(run, { last, span });
  if (!options.chain) await policiesOf(run);
  const unsealed = young + (await lookClosely(run, span));
  const { findings, counts } = run;
  return {
    status: findings.worst() ?? 'ok',
    counts: { ...counts, unsealed, records: run.records.count() },
    last: before && { n: before.checkpoint.n, to: before.checkpoint.to, hash: before.hash },
    findings: findings.list(),
    findingCount: findings.count(),
    pauses,
  };
}

const isWanted = (options: VerifyOptions, chain: string): boolean =>
  !options.chain || options.chain === chain;

async function checkpointsOf(run: Run): Promise<{ before: Before | null; pauses: number }> {
  const { options, findings, counts, sealed } = run;
  let pauses = 0;
  const before = await verifyCheckpoints({
    source: options.source,
    signatures: options.signatures,
    findings,
    since: options.since ?? null,
    onLeaf(leaf) {
      counts.leaves += 1;
      if (isWanted(options, leaf.chain)) sealed.add(leaf);
    },
    onCheckpoint(seen) {
      const { checkpoint } = seen;
      counts.checkpoints += 1;
      if (Date.parse(checkpoint.to) - Date.parse(checkpoint.from) > CHECKPOINT_WITHIN_MS)
        pauses += 1;
      checkWitness(run, seen);
      options.onProgress?.(counts);
    },
  });
  return { before, pauses };
}

function checkWitness({ options, findings }: Run, { checkpoint: { n }, hash }: Before): void {
  const { expected } = options;
  if (expected?.n === n && expected.hash !== null && expected.hash !== hash)
    findings.add(
      about(
        'checkpoint-altered',
        checkpointName(n),
        'Its hash is not the one that was witnessed: history was sealed anew.',
      ),
    );
}

function checkLast({ options, findings }: Run, last: Checkpoint | null): void {
  const { expected, now } = options;
  if (expected && (last?.n ?? 0) < expected.n)
    findings.add(
      about(
        'checkpoints-cut-off',
        checkpointName(expected.n),
        `It was witnessed; the last one that holds is ${last?.n ?? 0}.`,
      ),
    );
  if (!last) findings.add(about('no-checkpoint', 'checkpoints', 'Nothing was sealed yet.'));
  else if (now && now.getTime() - Date.parse(last.to) > CHECKPOINT_WITHIN_MS)
    findings.add(
      about('checkpoint-late', checkpointName(last.n + 1), `The last one ends at ${last.to}.`),
    );
}

const earlier = (at: string, ms: number) => new Date(Date.parse(at) - ms).toISOString();

function spanOf({ since }: VerifyOptions, last: Checkpoint | null): SealedSpan {
  return {
    after: since ? earlier(since, -SEALED_WITHIN_MS) : null,
    // Without any checkpoint nothing can be said about any row.
    before: last ? earlier(last.to, SEALED_WITHIN_MS) : '',
  };
}

/** Chains whose rows are looked into, sealed or not. */
const POLICY = 'policy#';

/** Reads every row once. Answers how many are younger than the last checkpoint. */
async function rowsOf(
  run: Run,
  { last, span }: { last: Checkpoint | null; span: SealedSpan },
): Promise<number> {
  const { options, counts, sealed, heads, records, findings } = run;
  for await (const page of options.source.heads?.() ?? [])
    for (const head of page) {
      if (head.seq > 0 && isWanted(options, head.chain)) heads.add(head);
      records.onHead(head);
    }
  let young = 0;
  const isCounted = (at: string | null) =>
    at === null || ((last === null || at <= last.to) && (!options.since || at >= options.since));
  const checker = openRowChecker(last?.tenant ?? null, findings, {
    onLine(line) {
      if (line.at === null || !isCounted(line.at) || line.chain.startsWith(POLICY)) return false;
      counts.rows += 1;
      sealed.take(line);
      if (records.isCompared()) records.onLine(line);
      return true;
    },
    onRow(row) {
      counts.rows += 1;
      const at = instantOf(row);
      if (span.before === '') young += 1;
      else if (isCounted(at)) sealed.take(row);
      else if (last && at !== null && at > last.to) young += 1;
      notePolicy(run, row);
      if (records.isCompared()) records.onRow(row);
    },
    onChain(chain, head) {
      counts.chains += 1;
      records.onChain(chain, head);
      if (options.source.heads) heads.take({ chain, seq: head.seq, hash: head.hash });
    },
  });
  await eachRow(run, (found) => checker.check(found));
  checker.end();
  return young;
}

async function eachRow({ options, counts }: Run, on: (found: FoundRow) => void): Promise<void> {
  for await (const page of options.source.rows()) {
    for (const found of page) on(found);
    options.onProgress?.(counts);
  }
}

/** Events that name a policy file, which must be kept. */
const FILED: ReadonlySet<unknown> = new Set(['PolicyChanged', 'PolicyScheduled']);

function notePolicy({ policies }: Run, { event }: AuditRow): void {
  if (FILED.has(event['type']) && typeof event['hash'] === 'string') policies.add(event['hash']);
}

async function policiesOf({ options, findings, policies }: Run): Promise<void> {
  const missing = new Set(policies);
  for await (const { hash, text, content } of options.source.policies()) {
    missing.delete(hash);
    if (sha256(text) !== hash)
      findings.add(about('policy-altered', `policy ${hash}`, 'Its text has another hash.'));
    else if (options.contentOf(text) !== content)
      findings.add(
        about('policy-altered', `policy ${hash}`, 'Its data is not what its text says.'),
      );
  }
  for (const hash of missing)
    findings.add(about('policy-missing', `policy ${hash}`, 'It was in force; its text is gone.'));
}

/** Reads again what differs, so many chains at a time that memory stays bounded. Answers how many rows are merely young. */
async function lookClosely(run: Run, span: SealedSpan): Promise<number> {
  const differing = [
    ...new Set([...run.sealed.differing(), ...run.heads.differing(), ...run.records.differing()]),
  ];
  const rows = Math.max(run.counts.rows, run.counts.leaves, 1);
  const group = Math.max(1, Math.floor((SUMS * CLOSE_ROWS) / rows));
  let young = 0;
  // Enough was found to be named; while nothing was, somebody may only want us to tire.
  const isTired = (look: number) => look >= CLOSE_LOOKS && run.findings.worst() === 'tampered';
  for (let look = 0; look * group < differing.length && !isTired(look); look += 1)
    young += await closeLook(run, span, new Set(differing.slice(look * group, (look + 1) * group)));
  return young;
}

async function closeLook(run: Run, span: SealedSpan, sums: ReadonlySet<number>): Promise<number> {
  const { options, findings } = run;
  const isIn = (chain: string) => isWanted(options, chain) && sums.has(sumOf(chain));
  const look = openCloseLook(span, findings);
  await verifyCheckpoints({
    source: options.source,
    signatures: { isSigned: options.signatures.isSigned },
    // Said already, the first time.
    findings: openFindings(),
    since: options.since ?? null,
    onLeaf: (leaf: Leaf) => {
      if (isIn(leaf.chain)) look.onLeaf(leaf);
    },
  });
  const heads = new Map<string, ChainHead>();
  const records = openRecordsLook(span, findings);
  for await (const page of options.source.heads?.() ?? [])
    for (const head of page) {
      const { chain, seq, hash } = head;
      if (seq > 0 && isIn(chain)) heads.set(chain, { seq, hash });
      for (const claim of claimsIn(head)) if (isIn(claim.chain)) records.onHead(claim);
    }
  const standing = openStanding(heads, span, findings);
  const quiet = openRowChecker(null, openFindings(), {
    onRow(row) {
      look.onRow(row);
      standing.onRow(row);
      if (run.records.isCompared()) records.onRow(row);
    },
    onChain(chain, head) {
      standing.onChain(chain, head);
      if (run.records.isCompared()) records.onChain(chain, head);
    },
  });
  const checks = (found: FoundRow) => {
    if (isIn(found.chain)) quiet.check(found);
  };
  await eachRow(run, checks);
  quiet.end();
  if (options.source.heads) standing.conclude();
  records.conclude();
  return look.conclude();
}
