/**
 * What the doc comments of the model files say about the fields of events, read from the source text: the comment that
 * stands before a field inside the piece of text that declares the event.
 */
type Piece = { readonly type: string; readonly text: string };

const DECLARED =
  /(?:event|grown)\(\s*'([A-Za-z]+)'|^ {2}type: z\.(?:literal|enum)\(\[?'([A-Za-z]+)'(?:, '([A-Za-z]+)')?/gm;
const FIELD = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*([A-Za-z]+):/g;

/** Event type -> field -> comment. */
export function fieldComments(sources: readonly string[]): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const { type, text } of sources.flatMap(piecesOf)) {
    const comments = [...text.matchAll(FIELD)].map(
      ([, comment = '', field = '']) => [field, plain(comment)] as const,
    );
    found.set(type, new Map(comments));
  }
  return found;
}

/** From the declaration of one event to that of the next, or to where the list of them ends. */
function piecesOf(source: string): Piece[] {
  const starts = [...source.matchAll(DECLARED)];
  return starts.flatMap(({ 1: called, 2: literal, 3: also, index }, i) => {
    const rest = source.slice(index, starts[i + 1]?.index);
    const end = rest.search(/^(?:\]|\})\);/m);
    const text = end < 0 ? rest : rest.slice(0, end);
    return [called, literal, also].flatMap((type) => (type ? [{ type, text }] : []));
  });
}

const plain = (comment: string): string => comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim();
