/**
 * JSON as a signed sender writes it: no key twice in one object, no `__proto__`, not nested deeper than any Slack payload.
 * One linear pass before `JSON.parse`; answers undefined for anything else and never throws.
 */
const DEEPEST = 64;
const STRING = /"(?:[^"\\]|\\.)*"/y;

export function parseStrictJson(text: string): unknown {
  if (!isTidy(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Object scopes hold the keys seen so far, array scopes hold null. */
function isTidy(text: string): boolean {
  const scopes: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      if (scopes.push(char === '{' ? new Set() : null) > DEEPEST) return false;
    } else if (char === '}' || char === ']') scopes.pop();
    else if (char === '"') {
      STRING.lastIndex = at;
      const literal = STRING.exec(text)?.[0];
      if (literal === undefined) return false;
      at += literal.length - 1;
      if (isKey(text, at + 1) && !isNewKey(scopes.at(-1), literal)) return false;
    }
  }
  return true;
}

function isKey(text: string, after: number): boolean {
  let at = after;
  while (' \t\r\n'.includes(text[at] ?? '-')) at += 1;
  return text[at] === ':';
}

function isNewKey(keys: Set<string> | null | undefined, literal: string): boolean {
  if (!keys) return false;
  const name = unescaped(literal);
  if (name === undefined || name === '__proto__' || keys.has(name)) return false;
  keys.add(name);
  return true;
}

function unescaped(literal: string): string | undefined {
  try {
    const name: unknown = JSON.parse(literal);
    return typeof name === 'string' ? name : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
