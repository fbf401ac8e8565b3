/**
 * `audit evidence`: one folder that an auditor can take away: tables, policies in force, whether the log is intact, a page to print,
 * and the hashes of all of it. The same data make the same bytes. Recorded before anything is read, and with the manifest's hash
 * when it is whole. Streams: what is in memory does not grow with the period.
 */

import type { Span } from '../../../shared/application/audit-log.ts';
import { beginReading, endReading } from '../../../shared/application/record-reading.ts';
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import { Fault } from '../../../shared/ports.ts';
import { readSpan, readWords } from '../arguments.ts';
import { type Against, type Desk, EXIT, type Verification } from '../desk.ts';
import { fileTrouble, whyUnreadable } from '../trouble.ts';
import { keyFor } from '../verify.ts';
import { WITNESS_WORDS, Witness } from '../verify-words.ts';
import { FRAMEWORKS, type Framework } from './controls.ts';
import { type Folder, openFolder } from './folder.ts';
import { gatherTables } from './gather.ts';
import { evidencePage, type Pack } from './page.ts';
import { policiesInForce } from './policies-in-force.ts';

export const EVIDENCE_USAGE = `audit evidence --framework soc2|iso27001 --from 2026-01-01 --to 2026-03-31 [--out FOLDER]
               [--pubkey FILE] [--expect-last N[:HASH]]

Writes one folder (default: evidence-soc2-2026-01-01-2026-03-31): CSVs, policies, verification, index.html to print, hashes.
Days are whole days in UTC; what has not happened yet is left out. --pubkey: the key you trust, rather than the one that lies beside
the log. --expect-last: what a daily digest said, so that nobody can have dropped or remade what came before. That it was gathered is an audit
event. Exits as audit verify does when the log does not hold: the folder is written, and says so.`;

const isFramework = (word: string): word is Framework =>
  FRAMEWORKS.some((framework) => framework === word);

export async function evidence(args: readonly string[], desk: Desk): Promise<number> {
  const words = readWords(args, ['framework', 'from', 'to', 'out', 'pubkey', 'expect-last']);
  if (!words.ok || words.value.rest.length > 0) return misread(desk, words.ok ? null : words.error);
  const { options } = words.value;
  const framework = options['framework'] ?? '';
  if (!isFramework(framework))
    return misread(desk, `--framework takes ${FRAMEWORKS.join(' or ')}.`);
  const span = readSpan(options, desk.clock.now());
  if (!span.ok) return misread(desk, span.error);
  const { pubkey = null, 'expect-last': witness = null } = options;
  if (witness !== null && !Witness.safeParse(witness).success) return misread(desk, WITNESS_WORDS);
  const unusable = pubkey === null ? null : await unusableKey(pubkey);
  if (unusable !== null) {
    desk.complain(unusable);
    return EXIT.unreadable;
  }
  const out = options['out'] ?? usualName(framework, span.value);
  const folder = await opened(out);
  if (typeof folder === 'string') {
    desk.complain(folder);
    return EXIT.refused;
  }
  try {
    const { pack, manifest } = await gather(desk, {
      ...{ framework, span: span.value, folder, against: { pubkey, witness } },
    });
    await folder.finish();
    desk.print(
      `${out}: ${pack.events} events, ${pack.rows.exceptions} exceptions, log ${pack.verification.outcome}`,
    );
    desk.print(`SHA-256 of its manifest: ${manifest}`);
    return OUTCOME_EXIT[pack.verification.outcome];
  } catch (error) {
    await folder.discard();
    const why = error instanceof Fault ? error.message : fileTrouble(error);
    if (why === null) throw error;
    desk.complain(`${why} Nothing was kept of ${out}.`);
    return EXIT.unreadable;
  }
}

/** Or the sentence that says why not. */
async function opened(out: string): Promise<Folder | string> {
  try {
    const folder = await openFolder(out);
    if (folder !== null) return folder;
    return `${out} is there already. Move it away or name another folder: --out (already-there).`;
  } catch (error) {
    const why = fileTrouble(error, out);
    if (why === null) throw error;
    return `${why} Name another folder: --out (folder-unusable).`;
  }
}

const OUTCOME_EXIT = {
  intact: EXIT.ok,
  tampered: EXIT.changed,
  incomplete: EXIT.missing,
  unreadable: EXIT.unreadable,
  'not-run': EXIT.unreadable,
} as const satisfies Record<Verification['outcome'], number>;

function misread(desk: Desk, why: string | null): number {
  desk.complain(why === null ? EVIDENCE_USAGE : `${why}\n\n${EVIDENCE_USAGE}`);
  return EXIT.usage;
}

const day = (instant: Date): string => instant.toISOString().slice(0, 10);
const usualName = (framework: Framework, { from, to }: Span): string =>
  `evidence-${framework}-${day(from)}-${day(new Date(to.getTime() - 1))}`;

type Wanted = {
  readonly framework: Framework;
  readonly span: Span;
  readonly folder: Folder;
  readonly against: Against;
};

/** Why signatures cannot be checked with what this file holds, before anything is read. */
async function unusableKey(file: string): Promise<string | null> {
  try {
    await keyFor(file, null);
    return null;
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === null) throw error;
    return why;
  }
}

async function gather(
  desk: Desk,
  { framework, span, folder, against }: Wanted,
): Promise<{ pack: Pack; manifest: string }> {
  const [from, to] = [span.from.toISOString(), span.to.toISOString()];
  const none = { person: null, entitlement: null, provider: null, kind: null };
  const reading = { purpose: 'evidence' as const, format: framework, from, to, ...none };
  const readId = await beginReading(desk, reading);
  const verification = await desk.verify(against);
  await folder.append('verification.json', json(verification));
  const { inPeriod, atEnd, lookBackTo } = await policiesInForce(desk, span, folder);
  const period = { ...span, lookBackTo, policy: atEnd, now: desk.clock.now() };
  const gathered = await gatherTables(desk.journal, period, folder);
  const files = await folder.closeFiles();
  const pack: Pack = { framework, from, to, ...gathered, policies: inPeriod, verification, files };
  await folder.append('index.html', evidencePage(pack));
  const { tenant, events, rows, exceptions } = pack;
  const all = await folder.closeFiles();
  const told = { format: 1, framework, from, to, tenant, events, rows, exceptions, files: all };
  const manifest = json(told);
  const hash = sha256(manifest);
  await folder.append('manifest.json', manifest);
  await folder.append('SHA256SUMS', sums([...all, { name: 'manifest.json', sha256: hash }]));
  await folder.closeFiles();
  await endReading(desk, { readId, events, sha256: hash });
  return { pack, manifest: hash };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
/** As sha256sum --check reads it. */
const sums = (files: readonly { name: string; sha256: string }[]): string =>
  files.map((file) => `${file.sha256}  ${file.name}\n`).join('');
