/**
 * Which entries somebody means who has typed a part of a name, the right ones first: the name itself, then what begins with
 * it, then a word of it that does, then what merely holds it; slips of the finger only where nothing else fits. Pure.
 */
import { type CatalogEntry, closest } from './catalog.ts';

const LONGEST_LOOKED_FOR = 100;

type Rank = 0 | 1 | 2 | 3;
const NOT_FOUND = 4;

/**
 * `entries` that match `typed`, best first, `most` of them. Among equals those in `recent` come first, in its order, then
 * the order of the policy. Several words must all be found. Nothing typed: everything.
 */
export function searched(
  entries: readonly CatalogEntry[],
  asked: { readonly typed: string; readonly recent: readonly string[]; readonly most: number },
): readonly CatalogEntry[] {
  const words = asked.typed.slice(0, LONGEST_LOOKED_FOR).toLowerCase().split(/\s/).filter(Boolean);
  const age = new Map(asked.recent.map((entitlement, index) => [entitlement, index]));
  const ageOf = ({ entitlement }: CatalogEntry): number => age.get(entitlement) ?? age.size;
  const ranked = entries.flatMap((entry) => {
    const rank = Math.max(0, ...words.map((word) => rankOf(word, entry.entitlement.toLowerCase())));
    return rank === NOT_FOUND ? [] : [{ entry, rank }];
  });
  if (ranked.length === 0) return nearest(entries, words.join(' '), asked.most);
  return ranked
    .sort((one, other) => one.rank - other.rank || ageOf(one.entry) - ageOf(other.entry))
    .slice(0, asked.most)
    .map(({ entry }) => entry);
}

function rankOf(word: string, entitlement: string): Rank | typeof NOT_FOUND {
  if (!entitlement.includes(word)) return NOT_FOUND;
  const resource = entitlement.slice(entitlement.indexOf(':') + 1);
  const names = [entitlement, resource, resource.slice(resource.lastIndexOf('/') + 1)];
  if (names.includes(word)) return 0;
  if (names.some((name) => name.startsWith(word))) return 1;
  return entitlement.split(/[^a-z0-9]/).some((part) => part.startsWith(word)) ? 2 : 3;
}

function nearest(
  entries: readonly CatalogEntry[],
  typed: string,
  most: number,
): readonly CatalogEntry[] {
  const names = entries.map(({ entitlement }) => entitlement);
  const near = closest(typed, names, most);
  return near.flatMap((name) => entries.filter(({ entitlement }) => entitlement === name));
}
