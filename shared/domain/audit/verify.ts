/**
 * Verifies an audit log from end to end: checkpoints and their leaves, rows and their links, both directions between the two,
 * where the records say their chains stand, and the policy versions. Reads streams and keeps a constant amount in memory: two
 * fingerprints of the same size say whether leaves and rows are the same; only what differs is read again and looked at closely.
 */
import { type AuditSource, instantOf, isAfter } from './audit-source.ts';
import { type Before, type Checkpoint, checkpointName } from './checkpoint.ts';
import { about, type Finding, type Findings, openFindings, type Trouble } from './findings.ts';
import { openNames } from './keyed-digests.ts';
import { lookAgain } from './look-again.ts';
import { type Multiset, openMultiset } from './multiset.ts';
import { type BesideJob, type BesideOutcome, readHeads } from './verify-beside.ts';
import { type Signatures, verifyCheckpoints } from './verify-checkpoints.ts';
import type { SealedSpan } from './verify-closely.ts';
import { openPolicies } from './verify-policies.ts';
import { openRecords, type Records } from './verify-records.ts';
import { openRowChecker } from './verify-rows.ts';

/** What a sealer may be late by before an event has to be in a checkpoint. */
const SEALED_WITHIN_MS = 10 * 60_000;
/** Two intervals and a bit. */
const CHECKPOINT_WITHIN_MS = 11 * 60_000;
/** Which policy is in force was said by whatever changed it last, however long ago. */
const POLICIES = 'policy#active';
/** Chains with news that are asked for by name; of more everything is read. */
const MOST_NEWS = 10_000;

export type VerifyOptions = {
  readonly source: AuditSource;
  readonly signatures: Signatures;
  /** Random, of this run. */
  readonly key: string;
  /** Only what was sealed after this instant. By index where the source has one: then only chains that have news since are read. */
  readonly since?: string | null;
  /** Only this chain, `kind#id`; the source gives no other rows. */
  readonly chain?: string | null;
  /** What a witness wrote down. */
  readonly expected?: { readonly n: number; readonly hash: string | null } | null;
  /** Null: offline, nothing can be late. */
  readonly now?: Date | null;
  /** The data of a policy's text as JSON; null when it is no policy. */
  readonly contentOf: (text: string) => string | null;
  /** @param sealed how many leaves the checkpoints so far have together, read or not */
  readonly onProgress?: (progress: Counts, sealed: number) => void;
  /** Reads leaves and records of the same source beside the rows, as readBeside does; without it they are read before the rows. */
  readonly beside?: (
    job: BesideJob,
    onProgress: (leaves: number) => void,
  ) => Promise<BesideOutcome>;
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
  /** Chains whose leaves were sealed since; null: they are not asked for by name, or are too many. */
  news: Set<string> | null;
  /** Leaves and records are read by somebody else. */
  readonly isBeside: boolean;
  readonly findings: Findings;
  readonly counts: Counts;
  /** Leaves of the checkpoints so far, by what those say. */
  expected: number;
  /** Leaves that were added and rows that were taken. */
  readonly sealed: Multiset;
  readonly heads: Multiset;
  readonly records: Records;
  readonly policies: ReturnType<typeof openPolicies>;
};

export async function verifyAudit(options: VerifyOptions): Promise<Report> {
  const names = openNames(options.key);
  const asksForNews = Boolean(options.since && options.source.since && !options.chain);
  // Where the leaves say what else is to be read, they come first.
  const isBeside = options.beside !== undefined && !asksForNews;
  const run: Run = {
    ...{ options, isBeside, expected: 0 },
    findings: openFindings(),
    counts: { checkpoints: 0, leaves: 0, rows: 0, chains: 0 },
    sealed: openMultiset(names),
    heads: openMultiset(names),
    records: openRecords(names, (chain) => isWanted(options, chain), isBeside),
    policies: openPolicies(),
    news: asksForNews ? new Set([POLICIES]) : null,
  };
  const { findings, counts } = run;
  const [{ before, pauses, seen, young }, stated] = await Promise.all([here(run), beside(run)]);
  if (stated) {
    counts.leaves = stated.leaves;
    run.sealed.merge(stated.sealed);
    run.heads.merge(stated.heads);
    run.records.merge(stated.records);
    findings.merge(stated.findings, stated.findingCount);
  }
  const unsealed = young + (await again(run, seen));
  // "It holds" must not be said of what is not there.
  if (options.chain && counts.rows === 0 && !findings.worst())
    findings.add(about('no-such-chain', options.chain, 'There is no event of it in this log.'));
  return {
    status: findings.worst() ?? 'ok',
    counts: { ...counts, unsealed, records: run.records.count() },
    last: before && { n: before.checkpoint.n, to: before.checkpoint.to, hash: before.hash },
    findings: findings.list(),
    findingCount: findings.count(),
    pauses,
  };
}

async function here(run: Run) {
  const { options, findings } = run;
  const { before, pauses } = await checkpointsOf(run);
  const last = before?.checkpoint ?? null;
  checkLast(run, last);
  const source = await sourceOf(run, last);
  const seen: Seen = { source, last, span: spanOf(options, last) };
  const young = await rowsOf(run, seen);
  if (!options.chain) await run.policies.check(source, options.contentOf, findings);
  return { before, pauses, seen, young };
}

async function beside({ options, counts, isBeside }: Run) {
  const { key, since = null, chain = null } = options;
  if (!options.beside || !isBeside) return null;
  return options.beside({ key, since, chain }, (leaves) => {
    counts.leaves = leaves;
  });
}

type Seen = {
  readonly source: AuditSource;
  readonly last: Checkpoint | null;
  readonly span: SealedSpan;
};

/** What has news, where the source can tell; else everything. */
async function sourceOf({ options, news }: Run, last: Checkpoint | null): Promise<AuditSource> {
  const { source, since, now } = options;
  if (!since || !news || !last) return source;
  const to = now ? now.toISOString() : last.to;
  const found = await source.since?.({ from: since, to, chains: news });
  return found ? { ...source, ...found } : source;
}

/** One idea for all that is compared: added where it is claimed, taken where it is found; what is left is looked at again. */
function again(run: Run, { source, span }: Seen): Promise<number> {
  const { options, findings, counts, sealed, heads, records } = run;
  const differing = [sealed, heads, records].flatMap((sums) => sums.differing());
  return lookAgain(
    {
      ...{ source, signatures: options.signatures, since: options.since ?? null, findings },
      differing: [...new Set(differing)],
      size: Math.max(counts.rows, counts.leaves),
      isWanted: (chain) => isWanted(options, chain),
      isFolded: records.isCompared(),
      onPage: () => tell(run),
    },
    span,
  );
}

const tell = ({ options, counts, expected }: Run): void => options.onProgress?.(counts, expected);

const isWanted = (options: VerifyOptions, chain: string): boolean =>
  !options.chain || options.chain === chain;

async function checkpointsOf(run: Run): Promise<{ before: Before | null; pauses: number }> {
  const { options, findings, counts, sealed } = run;
  let pauses = 0;
  const before = await verifyCheckpoints({
    source: options.source,
    signatures: options.signatures,
    findings,
    leafFindings: run.isBeside ? null : findings,
    since: options.since ?? null,
    onLeaf(leaf) {
      counts.leaves += 1;
      run.news?.add(leaf.chain);
      if (run.news && run.news.size > MOST_NEWS) run.news = null;
      if (isWanted(options, leaf.chain)) sealed.add(leaf);
    },
    onCheckpoint(seen) {
      const { checkpoint } = seen;
      counts.checkpoints += 1;
      if (Date.parse(checkpoint.to) - Date.parse(checkpoint.from) > CHECKPOINT_WITHIN_MS)
        pauses += 1;
      checkWitness(run, seen);
      run.expected += checkpoint.size;
      tell(run);
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
    last: last?.to ?? '',
  };
}

/** Chains whose rows are looked into, sealed or not. */
const POLICY = 'policy#';

/** Reads every row once. Answers how many are younger than the last checkpoint. */
async function rowsOf(run: Run, { source, last }: Seen): Promise<number> {
  const { options, counts, sealed, heads, records, findings } = run;
  if (!run.isBeside)
    await readHeads(source, {
      ...{ heads, records, findings },
      isWanted: (chain) => isWanted(options, chain),
    });
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
      if (last === null) young += 1;
      else if (isCounted(at)) sealed.take(row);
      else if (isAfter(at, last.to)) young += 1;
      run.policies.onRow(row);
      if (records.isCompared()) records.onRow(row);
    },
    onChain(chain, head) {
      counts.chains += 1;
      records.onChain(chain, head);
      if (source.heads) heads.take({ chain, seq: head.seq, hash: head.hash });
    },
  });
  for await (const page of source.rows()) {
    for (const found of page) checker.check(found);
    tell(run);
  }
  checker.end();
  return young;
}
