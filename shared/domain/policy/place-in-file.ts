/**
 * Where a rule stands in the text of its policy, for people who want to read it. Looks at lines only, so that nobody needs a YAML
 * reader: for text that was loaded before. Null where it is not sure; never a decision.
 */
export type PlaceInFile = { readonly line: number; readonly column: number };

const RULES = /^["']?rules["']?\s*:/;
const NAME = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/;

/** Both count from 1. */
export function placeOfRule(text: string, rule: string): PlaceInFile | null {
  if (!NAME.test(rule)) return null;
  const lines = text.split('\n');
  const first = lines.findIndex((line) => RULES.test(line.trimStart()) || /\{.*rules/.test(line));
  if (first < 0) return null;
  const name = rule.replaceAll('.', '\\.');
  const id = new RegExp(`(?<![\\w.-])(["']?)id\\1\\s*:\\s*(["']?)${name}\\2(?=\\s*(?:[,}#]|$))`);
  const found = lines.flatMap((line, index) => {
    const at = index < first || line.trimStart().startsWith('#') ? null : id.exec(line);
    return at && !line.slice(0, at.index).includes(' #')
      ? [{ line: index + 1, column: at.index + 1 }]
      : [];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}
