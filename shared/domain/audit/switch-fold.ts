/**
 * What the events of a switch say of its record: which policy is in force and which one waits, what is paused, what was stopped. Who
 * changes these lets in what was shut, or another policy judge. Of the red button everything but `clearedAt`, which no event has.
 */
import * as z from 'zod';
import { canonicalJson, type Json } from './canonical-json.ts';

const KINDS = ['policy#', 'pause#', 'stop#'];
export const isSwitch = (chain: string): boolean => KINDS.some((kind) => chain.startsWith(kind));

type Fields = { readonly [name: string]: Json };
const Record = z.record(z.string(), z.json());

/** Of a record; the same facts, the same text. @throws ZodError, or whatever canonical JSON cannot carry */
export function switchText(value: unknown): string {
  const { clearedAt: _, ...decided } = Record.parse(value);
  return canonicalJson(decided);
}

export type SwitchFold = {
  add(event: unknown): void;
  /** Null: an event that no switch has, or none. */
  text(): string | null;
};

export function openSwitchFold(): SwitchFold {
  let record: Fields | null = {};
  return {
    add(event) {
      const parsed = Record.safeParse(event);
      record = record && parsed.success ? after(record, parsed.data) : null;
    },
    text() {
      try {
        return record && canonicalJson(record);
      } catch {
        return null;
      }
    },
  };
}

const NOTHING_STOPPED = { standing: null, proposal: null };

function after(record: Fields, event: Fields): Fields | null {
  const { type, at = null, actor = null, hash = null } = event;
  const person = Record.safeParse(actor).data?.['id'] ?? null;
  switch (type) {
    case 'PolicyChanged':
      return { hash, activatedAt: at };
    case 'PolicyScheduled':
      return { ...record, pending: { hash, effectiveAt: event['effectiveAt'] } };
    case 'PolicyUnscheduled': {
      const { pending: _, ...rest } = record;
      return rest;
    }
    case 'GrantsPaused':
    case 'GrantsResumed':
      return { paused: type === 'GrantsPaused', by: actor, at };
    case 'StopProposed': {
      const proposal = { what: event['what'], by: person, at, until: event['until'] };
      return { ...NOTHING_STOPPED, ...record, proposal };
    }
    case 'EverythingStopped': {
      const { proposedBy } = event;
      return { standing: { since: at, proposedBy, confirmedBy: person }, proposal: null };
    }
    case 'StopLifted':
      return NOTHING_STOPPED;
    default:
      return null;
  }
}
