/**
 * What an export needs of memory and time, by hand: `npx tsx bench/export-memory.ts 1000000 jsonl|csv|ocsf`. The same thousand requests
 * come again and again; what grows with the count is the export's own doing.
 */
import { exportLog } from '../local/audit/export.ts';
import { memoryJournal } from '../shared/adapters/memory-journal.ts';
import { journalPolicies } from '../shared/application/policies.ts';
import { replay } from '../shared/domain/access-request/evolve.ts';
import { absent, type Journal, put, type RecentEvent } from '../shared/ports.ts';
import { HISTORIES, later, START } from '../test/support/samples.ts';

const REQUESTS = 1000;
const [count = '50000', format = 'jsonl'] = process.argv.slice(2);

const inner = memoryJournal('acme');
for (let index = 0; index < REQUESTS; index += 1) {
  const requestId = `AR-${String(index).padStart(6, '0')}`;
  const events = HISTORIES.ended.map((event) => ({ ...event, requestId }));
  await inner.commit([put(absent('request', requestId), replay(events), events)], START);
}
const all: RecentEvent[] = [];
for await (const each of inner.eventsBetween(START, later(86_400))) all.push(each);

const journal: Journal = {
  ...inner,
  async *eventsBetween() {
    for (let index = 0; index < Number(count); index += 1) {
      const next = all[index % all.length];
      if (next) yield next;
    }
  },
};
let [bytes, peak] = [0, 0];
const began = performance.now();
await exportLog(['--format', format, '--from', START.toISOString()], {
  journal,
  policies: journalPolicies({ journal }),
  clock: { now: () => later(86_400) },
  ids: {
    requestId: () => 'AR-000000',
    unique: () => '0'.repeat(32),
    token: () => 'token',
    secret: (length) => new Uint8Array(length),
  },
  env: {},
  print: () => {},
  complain: (line) => process.stderr.write(`${line}\n`),
  write: async (chunk) => {
    bytes += chunk.length;
    peak = Math.max(peak, process.memoryUsage().rss);
  },
  verify: async () => ({ outcome: 'not-run', lines: [] }),
});
const seconds = (performance.now() - began) / 1000;
const rate = Math.round(Number(count) / seconds);
process.stdout.write(
  `${count} events as ${format}: ${seconds.toFixed(1)} s, ${rate} a second, ${Math.round(bytes / 1e6)} MB, peak RSS ${Math.round(peak / 1e6)} MB\n`,
);
