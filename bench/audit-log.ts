/**
 * A copy of an audit log of any size in a folder, written as it is made: chains of one whole request after another, sealed by the
 * product's own functions, ten thousand events a checkpoint.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { replay } from '../shared/domain/access-request/evolve.ts';
import { canonicalJson } from '../shared/domain/audit/canonical-json.ts';
import { chainEvents, EMPTY_CHAIN } from '../shared/domain/audit/chain.ts';
import {
  type Before,
  buildCheckpoint,
  checkpointHash,
  checkpointName,
  type Leaf,
  leavesName,
  leavesText,
} from '../shared/domain/audit/checkpoint.ts';
import { headLine } from '../shared/domain/audit/head-line.ts';
import { type Keys, signedText } from '../test/support/audit-fixture.ts';
import { HISTORIES } from '../test/support/samples.ts';

const TENANT = 'acme';
const SEALED_AT_ONCE = 10_000;
const SEALED_AT = '2026-12-01T00:00:00.000Z';

/** Answers how many events were written: whole requests, so a few more than asked for. */
export async function writeAuditLog(folder: string, least: number, keys: Keys): Promise<number> {
  let [events, before]: [number, Before | null] = [0, null];
  let leaves: Leaf[] = [];
  const seal = () => {
    const facts = { tenant: TENANT, table: 'journal', to: SEALED_AT, code: 'c0'.repeat(32) };
    const built = buildCheckpoint(before, leaves, facts);
    put(folder, checkpointName(built.checkpoint.n), signedText(built.checkpoint, keys));
    put(folder, leavesName(built.checkpoint), leavesText(built.leaves));
    before = { checkpoint: built.checkpoint, hash: checkpointHash(built.checkpoint) };
    leaves = [];
  };
  function* rows() {
    for (let request = 0; events < least; request += 1) {
      const { chain, links } = linksOf(request);
      events += links.length;
      for (const link of links) {
        leaves.push({ chain, seq: link.seq, hash: link.hash });
        if (leaves.length >= SEALED_AT_ONCE) seal();
        yield `${canonicalJson(link)}\n`;
      }
    }
    seal();
  }
  mkdirSync(folder, { recursive: true });
  const file = createWriteStream(join(folder, 'rows.jsonl'), { flags: 'wx' });
  await pipeline(Readable.from(rows()), file);
  return events;
}

/** What each request's record says, beside where its chain stands. */
export async function writeRecords(folder: string, events: number): Promise<void> {
  function* heads() {
    for (let request = 0; request * HISTORIES.ended.length < events; request += 1) {
      const { requestId, chain, links } = linksOf(request);
      const { seq = 0, hash = '' } = links.at(-1) ?? {};
      const value = replay(HISTORIES.ended.map((event) => ({ ...event, requestId })));
      yield `${headLine({ chain, seq, hash, value })}\n`;
    }
  }
  const file = createWriteStream(join(folder, 'heads.jsonl'), { flags: 'wx' });
  await pipeline(Readable.from(heads()), file);
}

const STORY = z.array(z.record(z.string(), z.json())).parse(HISTORIES.ended);
const ID_DIGITS = 6;

function linksOf(request: number) {
  const requestId = `AR-${String(request).padStart(ID_DIGITS, '0')}`;
  const chain = `request#${requestId}`;
  const events = STORY.map((event) => ({ ...event, requestId }));
  const { links } = chainEvents({ tenant: TENANT, chain, head: EMPTY_CHAIN }, events);
  return { requestId, chain, links };
}

function put(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}
