/**
 * `audit verify`: the whole log, streamed, in constant memory. Says in one line whether it holds, names what does not, and exits 0,
 * 2 (somebody changed it), 3 (something that is needed is not there) or 4 (it cannot be read). Changes nothing.
 */
import { randomBytes } from 'node:crypto';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { verifyingKey } from '../../shared/adapters/verifying-key.ts';
import { narrowedTo } from '../../shared/domain/audit/audit-source.ts';
import {
  type Counts,
  type Report,
  type VerifyOptions,
  verifyAudit,
} from '../../shared/domain/audit/verify.ts';
import type { VerifyingKey } from '../../shared/ports-audit.ts';
import { besideInAThread } from './beside-thread.ts';
import { type Env, fileAt, type Place, placeAt } from './place.ts';
import { Unreadable, whyUnreadable } from './trouble.ts';
import { readVerifyWords, type VerifyWords } from './verify-words.ts';

export type Terminal = {
  readonly env: Env;
  print: (line: string) => void;
  complain: (line: string) => void;
  /** Rewrites one line; null where nobody watches. */
  progress: ((line: string) => void) | null;
};

/** As a shell reads them. */
export const VERIFY_EXIT = { ok: 0, tampered: 2, incomplete: 3, unreadable: 4, usage: 64 } as const;

export const VERIFY_USAGE = `audit verify [--since 2026-03-01] [--request AR-7K2M9Q] [--offline DIR] [--pubkey FILE] [--expect-last N[:HASH]] [--json]

Checks every row, link, checkpoint and signature, both ways, and that the records of requests and holdings say what the events
lead to. --since: only what was sealed after it is compared. Of live tables, rows and records are then read by index: of every chain
that has news since, from its first row on; all signatures and links of checkpoints all the same. What was done to the rows or
records of a chain without news it does not see: run it without --since now and then. A copy has no index and is read whole.
--request: the rows and records of one request, by index; every checkpoint and leaf is read all the same; 3 when there is no such request. --pubkey: the key you trust, rather than the one that lies beside the
log. --expect-last: what a daily digest said, so that nobody can drop or remake what came after. Exits 0 when all holds, 2 when
somebody changed something, 3 when something is missing, 4 when something cannot be read.`;

export async function verify(args: readonly string[], terminal: Terminal): Promise<number> {
  const read = readVerifyWords(args);
  if (!read.ok) {
    terminal.complain(`${read.error}\n\n${VERIFY_USAGE}`);
    return VERIFY_EXIT.usage;
  }
  const words = read.value;
  let place: Place | string | null = null;
  try {
    place = placeAt(terminal.env, words.offline);
    if (typeof place === 'string') throw new Unreadable(place);
    const key = await keyFor(words.pubkey, place);
    const report = await verifyPlace(place, { key, words, progress: terminal.progress });
    if (words.json) terminal.print(JSON.stringify(report));
    else for (const line of linesOf(report)) terminal.print(line);
    if (words.pubkey === null)
      terminal.complain(
        'Signatures were checked with the key that lies beside the log. Pin yours: --pubkey FILE',
      );
    return VERIFY_EXIT[report.status];
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === null) throw error;
    terminal.complain(`The audit log cannot be read: ${why}`);
    return VERIFY_EXIT.unreadable;
  } finally {
    if (typeof place === 'object') place?.close();
  }
}

/** The key that was named, or the one that the place offers. @throws Unreadable when there is none */
export async function keyFor(file: string | null, place: Place | null): Promise<VerifyingKey> {
  if (file === null) {
    const offered = await place?.key();
    if (offered) return offered;
    throw new Unreadable('There is no public key beside it. Name one: --pubkey FILE');
  }
  const pem = fileAt(file);
  if (pem === null) throw new Unreadable(`There is no file ${file}.`);
  try {
    return verifyingKey(pem);
  } catch (cause) {
    throw new Unreadable(`${file} holds no public key of ECDSA P-256 in PEM.`, { cause });
  }
}

async function verifyPlace(
  place: Place,
  {
    key,
    words,
    progress,
  }: { key: VerifyingKey; words: VerifyWords; progress: Terminal['progress'] },
): Promise<Report> {
  const chain = words.request ? `request#${words.request}` : null;
  const report = await verifyAudit({
    source: chain ? narrowedTo(place.source, chain) : place.source,
    signatures: key,
    key: randomBytes(32).toString('hex'),
    since: words.since,
    chain,
    expected: words.expected,
    now: await place.now(),
    contentOf,
    ...(place.largeCopy === null ? {} : { beside: besides(place.largeCopy, key.pem) }),
    ...(progress ? { onProgress: (counts, sealed) => progress(progressLine(counts, sealed)) } : {}),
  });
  progress?.('');
  return report;
}

const besides =
  (folder: string, pem: string): NonNullable<VerifyOptions['beside']> =>
  (job, onProgress) =>
    besideInAThread({ folder, pem }, job, onProgress);

/** The data of a policy's text, as the loader stores it. */
function contentOf(text: string): string | null {
  const read = readPolicy(text, 'policy');
  return read.ok ? read.value.content : null;
}

/** Each event is read twice: as a leaf and as a row. */
const progressLine = ({ checkpoints, leaves, rows }: Counts, sealed: number): string => {
  const share = sealed === 0 ? 0 : Math.min(1, (leaves + rows) / (2 * sealed));
  const bar = '#'.repeat(Math.round(share * 20)).padEnd(20, '.');
  return `[${bar}] ${checkpoints} checkpoints, ${leaves} leaves, ${rows} rows`;
};

const SHOWN = 20;
/** Control characters out of a row that somebody wrote never reach a terminal. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');

const VERDICTS = {
  ok: 'The audit log holds.',
  tampered: 'THE AUDIT LOG WAS CHANGED.',
  incomplete: 'The audit log is incomplete.',
  unreadable: 'The audit log cannot be read as a whole.',
} as const;

function linesOf(report: Report): string[] {
  const { counts, last, findings, findingCount, pauses } = report;
  const first = findings
    .slice(0, SHOWN)
    .map(({ code, where, what }) => plain(`${code}  ${where}: ${what}`));
  return [
    VERDICTS[report.status],
    ...first,
    ...(findingCount > first.length ? [`... and ${findingCount - first.length} more`] : []),
    `${counts.rows} events in ${counts.chains} chains, ${counts.leaves} of them in ${counts.checkpoints} checkpoints, ${counts.unsealed} too young to be in one.`,
    ...(counts.records > 0
      ? [
          `The records of ${counts.records} requests say what their events lead to, or are named above.`,
        ]
      : []),
    ...(pauses > 0
      ? [`${pauses} checkpoints came more than two intervals after the one before.`]
      : []),
    ...(last
      ? [`Last checkpoint ${last.n} of ${last.to}, --expect-last ${last.n}:${last.hash}`]
      : []),
  ];
}
