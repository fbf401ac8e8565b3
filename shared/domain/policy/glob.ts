/** Globs of the policy: `*` stands for any run of characters, every other character for itself. Never a regex: no pattern is slow. */
export function matchesGlob(glob: string, name: string): boolean {
  if (!isGlob(glob)) return glob === name;
  const [opening, closing] = [glob.indexOf('*'), glob.lastIndexOf('*')];
  const [first, last] = [glob.slice(0, opening), glob.slice(closing + 1)];
  const end = name.length - last.length;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  // The first piece is empty: what opens and what closes may touch and never overlap.
  let at = first.length;
  for (const piece of glob.slice(opening, closing).split('*')) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

/** True when every name that `narrow` matches is matched by `wide` too. May miss a case, never claims one that is not. */
export const globCovers = (wide: string, narrow: string): boolean => matchesGlob(wide, narrow);

export const isGlob = (text: string): boolean => text.includes('*');
