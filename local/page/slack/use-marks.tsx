/** How far each person has read, kept in this browser. What stands open on the screen counts as read. */
import { useCallback, useEffect, useState } from 'react';
import * as z from 'zod';
import type { PageState } from '../../slack/page/contract.ts';
import { latestTs, type ReadMarks } from './view-model.ts';

const KEY = 'hallpass-read';
const Kept = z.record(z.string(), z.record(z.string(), z.string()));
type Kept = z.infer<typeof Kept>;

function read(): Kept {
  try {
    return Kept.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    // Somebody else's words under our name, or a browser that keeps nothing: everything counts as unread.
    return {};
  }
}

export type Marks = { readonly of: (person: string) => ReadMarks };
const none: ReadMarks = {};

/** @param looking the person and the conversation on the screen; null while none is */
export function useMarks(
  state: PageState | null,
  looking: { person: string; conversation: string } | null,
): Marks {
  const [kept, setKept] = useState(read);
  const person = looking?.person;
  const conversation = looking?.conversation;
  const latest = state && conversation !== undefined ? latestTs(state, conversation) : null;
  useEffect(() => {
    if (person === undefined || conversation === undefined || latest === null) return;
    setKept((before) => {
      if (before[person]?.[conversation] === latest) return before;
      const after = { ...before, [person]: { ...before[person], [conversation]: latest } };
      localStorage.setItem(KEY, JSON.stringify(after));
      return after;
    });
  }, [person, conversation, latest]);
  return { of: useCallback((id: string) => kept[id] ?? none, [kept]) };
}
