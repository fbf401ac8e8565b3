/**
 * A whole audit log in memory: every event of every kind of chain, made from the schemas themselves, sealed every five minutes by
 * the product's own functions. What an attacker may change (rows, records, files) is plain data to be changed by tests.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import {
  type AuditRow,
  type AuditSource,
  canonicalRow,
  type FoundHead,
  isAuditRow,
} from '../../shared/domain/audit/audit-source.ts';
import { canonicalJson, type Json } from '../../shared/domain/audit/canonical-json.ts';
import { chainEvents, EMPTY_CHAIN } from '../../shared/domain/audit/chain.ts';
import {
  type Before,
  buildCheckpoint,
  type Checkpoint,
  checkpointHash,
  checkpointMessage,
  checkpointName,
  type Leaf,
  leavesName,
  leavesText,
} from '../../shared/domain/audit/checkpoint.ts';
import { cutRow, type RowLine } from '../../shared/domain/audit/row-line.ts';
import { type VerifyOptions, verifyAudit } from '../../shared/domain/audit/verify.ts';
import { CHAIN_KINDS, RECORDS } from '../../shared/domain/records.ts';

export const TENANT = 'acme';
const STARTED = Date.parse('2026-03-02T09:00:00.000Z');
const MINUTE = 60_000;
export const instant = (minutes: number): string =>
  new Date(STARTED + minutes * MINUTE).toISOString();

export type PlacedRow = {
  readonly seq: number;
  readonly row: unknown;
  readonly misplaced: string | null;
};
export type AuditLog = {
  /** By chain. A row may be anything an attacker puts there. */
  rows: Map<string, readonly PlacedRow[]>;
  heads: Map<string, FoundHead>;
  checkpoints: Map<string, string>;
  leaves: Map<string, string>;
  policies: Map<string, { text: string; content: string }>;
};

type Event = { readonly [key: string]: Json };
const Shape = z.looseObject({});
type Shape = z.infer<typeof Shape>;
const shapes = (value: unknown): Shape[] => z.array(Shape).catch([]).parse(value);

/** Some value of a JSON Schema; strings are not made to fit patterns, no verifier reads them. */
function sampleOf(schema: Shape): Json {
  const options = shapes(schema['anyOf'] ?? schema['oneOf']);
  if (options[0]) return sampleOf(options[0]);
  if ('const' in schema) return z.json().parse(schema['const']);
  if (Array.isArray(schema['enum'])) return z.json().parse(schema['enum'][0]);
  const first = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (first === 'object')
    return Object.fromEntries(
      Object.entries(z.record(z.string(), Shape).catch({}).parse(schema['properties'])).map(
        ([name, property]) => [name, sampleOf(property)],
      ),
    );
  if (first === 'array') return [sampleOf(Shape.catch({}).parse(schema['items']))];
  if (first === 'integer' || first === 'number') return 7;
  if (first === 'boolean') return true;
  if (first === 'null') return null;
  return 'some text';
}

/** One event per type of each chain kind, as its schema says. */
export function everyEvent(): Map<string, Event[]> {
  return new Map(
    CHAIN_KINDS.map((kind) => {
      const schema = Shape.parse(z.toJSONSchema(RECORDS[kind].events, { unrepresentable: 'any' }));
      const variants = shapes(schema['anyOf'] ?? schema['oneOf']);
      const events = (variants.length > 0 ? variants : [schema]).map((variant) => {
        return z.record(z.string(), z.json()).parse(sampleOf(variant));
      });
      return [`${kind}#${kind}-1`, events];
    }),
  );
}

const POLICY_TEXT = 'version: 1\npeople: {}\n';
export const POLICY_HASH = createHash('sha256').update(POLICY_TEXT).digest('hex');
/** Reads no YAML: the fixture's only policy is known by heart. */
export const contentOf = (text: string): string | null =>
  text === POLICY_TEXT ? '{"people":{},"version":1}' : null;

export function openKeys() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const known = new Map<string, boolean>();
  return {
    publicKey,
    privateKey,
    fingerprint: createHash('sha256').update(der).digest('hex'),
    signatures: {
      isSigned(message: Uint8Array, signature: Uint8Array): boolean {
        const name = `${Buffer.from(message).toString('latin1')}\n${Buffer.from(signature).toString('hex')}`;
        const answer = known.get(name) ?? verify('sha256', message, publicKey, signature);
        known.set(name, answer);
        return answer;
      },
    },
  };
}
export type Keys = ReturnType<typeof openKeys>;

export const signedText = (
  checkpoint: Checkpoint,
  keys: { privateKey: KeyObject; fingerprint: string },
): string =>
  canonicalJson({
    checkpoint,
    key: keys.fingerprint,
    signature: sign('sha256', checkpointMessage(checkpoint), keys.privateKey).toString('base64'),
  });

/** Events by chain, each with the minute at which it happened. */
export type Story = ReadonlyMap<
  string,
  readonly { readonly minute: number; readonly event: Event }[]
>;

/** These chains in the first minutes, event after event. */
export const storyOf = (chains: Iterable<readonly [string, readonly Event[]]>): Story =>
  new Map(
    [...chains].map(([chain, list]) => [
      chain,
      list.map((event, i) => ({ minute: (i * 7) % 22, event })),
    ]),
  );

/** Every kind of event, and some more chains of requests. */
export function everyStory(): Story {
  const events = everyEvent();
  const asked = events.get('request#request-1') ?? [];
  for (let i = 2; i < 6; i += 1) events.set(`request#request-${i}`, asked.slice(0, 2 + (i % 3)));
  return storyOf(events);
}

export function auditLog(keys: Keys, story: Story = everyStory(), minutes = 30): AuditLog {
  const log: AuditLog = {
    rows: new Map(),
    heads: new Map(),
    checkpoints: new Map(),
    leaves: new Map(),
    policies: new Map([
      [POLICY_HASH, { text: POLICY_TEXT, content: contentOf(POLICY_TEXT) ?? '' }],
    ]),
  };
  const marked: { minute: number; leaf: Leaf }[] = [];
  for (const [chain, list] of story) {
    const events = list.map(({ minute, event }) => ({
      ...event,
      at: instant(minute),
      ...(chain.startsWith('policy#') && 'hash' in event ? { hash: POLICY_HASH } : {}),
    }));
    const { links, head } = chainEvents({ tenant: TENANT, chain, head: EMPTY_CHAIN }, events);
    log.rows.set(
      chain,
      links.map((row) => ({ seq: row.seq, row, misplaced: null })),
    );
    log.heads.set(chain, { chain, ...head });
    links.forEach(({ seq, hash }, i) => {
      marked.push({ minute: list[i]?.minute ?? 0, leaf: { chain, seq, hash } });
    });
  }
  sealAll(log, marked, { keys, minutes });
  return log;
}

function sealAll(
  log: AuditLog,
  marked: { minute: number; leaf: Leaf }[],
  { keys, minutes }: { keys: Keys; minutes: number },
): void {
  let before: Before | null = null;
  for (let to = 5; to <= minutes; to += 5) {
    const due = marked.filter(({ minute }) => minute < to && minute >= to - 5);
    const { checkpoint, leaves } = buildCheckpoint(
      before,
      due.map(({ leaf }) => leaf),
      { tenant: TENANT, table: 'journal', to: instant(to), code: 'c0'.repeat(32) },
    );
    log.checkpoints.set(checkpointName(checkpoint.n), signedText(checkpoint, keys));
    log.leaves.set(leavesName(checkpoint), leavesText(leaves));
    before = { checkpoint, hash: checkpointHash(checkpoint) };
  }
}

/** Rows and files are never changed in place, only put anew: copying the maps is enough. */
export const copyOf = (log: AuditLog): AuditLog => ({
  rows: new Map(log.rows),
  heads: new Map(log.heads),
  checkpoints: new Map(log.checkpoints),
  leaves: new Map(log.leaves),
  policies: new Map(log.policies),
});

/** As a copy in a folder gives them: a row that stands at its own place in canonical JSON need not be parsed. */
function lineOf(chain: string, { seq, row, misplaced }: PlacedRow): RowLine | null {
  if (!isAuditRow(row) || row.chain !== chain || row.seq !== seq || misplaced !== null) return null;
  const known = LINES.get(row);
  if (known !== undefined) return known;
  const text = canonicalRow(row);
  const line = text === null ? null : cutRow(text);
  LINES.set(row, line);
  return line;
}
const LINES = new WeakMap<AuditRow, RowLine | null>();

/** @param withLines as from a folder; else as from the tables */
export function sourceOf(log: AuditLog, { page = 100, withLines = true } = {}): AuditSource {
  return {
    async *checkpoints() {
      for (const name of [...log.checkpoints.keys()].sort())
        yield { name, text: log.checkpoints.get(name) ?? null };
    },
    leaves: async (name) => log.leaves.get(name) ?? null,
    async *rows() {
      const all = [...log.rows].flatMap(([chain, list]) =>
        list.map((one) => ({ chain, ...one, line: withLines ? lineOf(chain, one) : null })),
      );
      for (let i = 0; i < all.length; i += page) yield all.slice(i, i + page);
    },
    async *heads() {
      yield [...log.heads.values()];
    },
    async *policies() {
      for (const [hash, { text, content }] of log.policies) yield { hash, text, content };
    },
  };
}

export const verified = (log: AuditLog, keys: Keys, more: Partial<VerifyOptions> = {}) =>
  verifyAudit({
    source: sourceOf(log),
    signatures: keys.signatures,
    key: 'k'.repeat(32),
    contentOf,
    ...more,
  });

export function rowAt(log: AuditLog, chain: string, seq: number): AuditRow {
  const found = log.rows.get(chain)?.find((one) => one.seq === seq)?.row;
  return Row.parse(found);
}
const Row = z.strictObject({
  tenant: z.string(),
  chain: z.string(),
  seq: z.number(),
  event: z.record(z.string(), z.json()),
  previous: z.string(),
  hash: z.string(),
});
