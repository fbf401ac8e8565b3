/**
 * Block Kit's limits, in one place: builders cut by them, tests measure by them, the embedded Slack refuses by them.
 * Numbers are Slack's published ones (docs.slack.dev/reference/block-kit, read November 2026); where Slack is vague
 * ("about"), the lower figure. Lengths are UTF-16 units, which never undercounts Slack's characters.
 */
export const LIMITS = {
  message: {
    blocks: 50,
    /** Over all blocks together; beyond it Slack answers `msg_blocks_too_long`. */
    charactersOverAllBlocks: 13_000,
    /** Beyond it Slack answers `msg_too_long`. */
    text: 40_000,
    metadataBytes: 16_000,
    charts: 2,
  },
  view: {
    blocks: 100,
    title: 24,
    submit: 24,
    close: 24,
    privateMetadata: 3000,
    callbackId: 255,
    externalId: 255,
    bytes: 250_000,
    /** Modals on top of each other, the first one included. */
    stack: 3,
  },
  blockId: 255,
  actionId: 255,
  section: { text: 3000, fields: 10, fieldText: 2000 },
  header: { text: 150 },
  context: { elements: 10, text: 3000 },
  actions: { elements: 25 },
  input: { label: 2000, hint: 2000 },
  image: { url: 3000, altText: 2000, title: 2000 },
  markdown: { text: 12_000 },
  alert: { text: 200 },
  table: { rows: 100, columns: 20, cellText: 2000, characters: 10_000 },
  dataTable: { rows: 101, columns: 20, characters: 10_000, pageSize: 100 },
  chart: { title: 50, series: 6, points: 20, label: 20, axisLabel: 50 },
  button: { text: 75, value: 2000, url: 3000, accessibilityLabel: 75 },
  select: { options: 100, groups: 100, placeholder: 150 },
  options: { checkboxes: 10, radioButtons: 10, overflowMin: 1, overflow: 5 },
  option: { text: 75, value: 150, description: 75, url: 3000 },
  optionGroup: { label: 75 },
  confirm: { title: 100, text: 300, confirm: 30, deny: 30 },
  plainTextInput: { length: 3000 },
  /** How often and how long a response_url serves. */
  responseUrl: { uses: 5, minutes: 30 },
  /** A trigger_id serves once, and only this long. */
  triggerSeconds: 3,
} as const;

const TEXT_FIELDS = new Set(['text', 'alt_text', 'caption', 'title', 'label']);

/** Characters a person reads in these blocks, as counted against `charactersOverAllBlocks`. */
export function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + charactersIn(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [field, inner]) =>
      sum +
      (typeof inner === 'string' && TEXT_FIELDS.has(field) ? inner.length : charactersIn(inner)),
    0,
  );
}
