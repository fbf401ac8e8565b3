/** A request's state as a word with a colour; the word alone says it. */
const TONES: Readonly<Record<string, string>> = {
  pending: 'wait',
  activating: 'wait',
  active: 'good',
  removing: 'wait',
  ended: 'done',
  denied: 'bad',
  failed: 'bad',
};

export function StatusChip({ status }: { status: string }) {
  return <span className={`chip chip-${TONES[status] ?? 'plain'}`}>{status}</span>;
}
