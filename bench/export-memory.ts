/**
 * What an export, evidence or a narrowed list needs of memory and time, by hand: `npx tsx bench/export-memory.ts 1000000
 * jsonl|csv|ocsf|evidence|list`. Every
 * six events are a request of their own, all alike but for its id and made as they are read: what grows with the count is the
 * command's own doing.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Desk } from '../local/audit/desk.ts';
import { NOT_VERIFIED } from '../local/audit/desk.ts';
import { evidence } from '../local/audit/evidence/evidence.ts';
import { exportLog } from '../local/audit/export.ts';
import { list } from '../local/audit/list.ts';
import { memoryJournal } from '../shared/adapters/memory-journal.ts';
import { journalPolicies } from '../shared/application/policies.ts';
import { replay } from '../shared/domain/access-request/evolve.ts';
import { absent, type Journal, put, type RecentEvent } from '../shared/ports.ts';
import { HISTORIES, later, START } from '../test/support/samples.ts';

const [count = '50000', format = 'jsonl'] = process.argv.slice(2);
const STORY = HISTORIES.ended;
const MODEL = 'AR-000000';
const ID_DIGITS = 6;

const inner = memoryJournal('acme');
const events = STORY.map((event) => ({ ...event, requestId: MODEL }));
await inner.commit([put(absent('request', MODEL), replay(events), events)], START);
const model: RecentEvent[] = [];
for await (const each of inner.eventsBetween(START, later(86_400))) model.push(each);
if (model.length !== STORY.length) throw new Error('The model is not what was written');

const journal: Journal = {
  ...inner,
  read: (kind, id) => inner.read(kind, kind === 'request' ? MODEL : id),
  history: (kind, id) => inner.history(kind, kind === 'request' ? MODEL : id),
  async *eventsBetween() {
    for (let index = 0; index < Number(count); index += 1) {
      const next = model[index % model.length];
      const request = Math.floor(index / model.length);
      if (next) yield { ...next, id: `AR-${String(request).padStart(ID_DIGITS, '0')}` };
    }
  },
};

let bytes = 0;
const desk: Desk = {
  journal,
  policies: journalPolicies({ journal }),
  clock: { now: () => later(86_400) },
  ids: {
    requestId: () => MODEL,
    unique: () => '0'.repeat(32),
    token: () => 'token',
    secret: (length) => new Uint8Array(length),
  },
  env: {},
  print: () => {},
  complain: (line) => process.stderr.write(`${line}\n`),
  write: async (chunk) => {
    bytes += chunk.length;
  },
  verify: async () => NOT_VERIFIED,
};

async function gatherEvidence(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-evidence-'));
  const [out, day] = [join(folder, 'pack'), START.toISOString().slice(0, 10)];
  try {
    const period = ['--from', day, '--to', day];
    const code = await evidence(['--framework', 'soc2', ...period, '--out', out], desk);
    for (const file of readdirSync(out)) bytes += statSync(join(out, file)).size;
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const began = performance.now();
const RUNS: Readonly<Record<string, () => Promise<number>>> = {
  evidence: gatherEvidence,
  list: () => list(['--day', START.toISOString().slice(0, 10), '--provider', 'github'], desk),
};
const exported = () => exportLog(['--format', format, '--from', START.toISOString()], desk);
const code = await (RUNS[format] ?? exported)();
const seconds = (performance.now() - began) / 1000;
const rate = Math.round(Number(count) / seconds);
process.stdout.write(
  `${count} events as ${format}, exit ${code}: ${seconds.toFixed(1)} s, ${rate} a second, ${Math.round(bytes / 1e6)} MB, peak RSS ${Math.round(process.resourceUsage().maxRSS / 1e3)} MB\n`,
);
