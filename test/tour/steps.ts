/** The steps of docs/tour.md: its fenced blocks whose first line says so, and what each has to print. Pure. */
export type Step = {
  readonly name: string;
  /** `fresh`: only where the tour begins with a clone; `server`: stays running. */
  readonly kind: 'fresh' | 'server' | 'plain';
  readonly script: string;
  /** Lines of the output, in this order, others between; `…` stands for anything. */
  readonly shows: readonly string[];
};

const BLOCK = /^```(sh|text) tour(-fresh|-server)?(?:: ([^\n]+))?\n([\s\S]*?)^```$/gm;

export function stepsOf(page: string): Step[] {
  const steps: Step[] = [];
  for (const [, language, kind, name, body = ''] of page.matchAll(BLOCK)) {
    if (language === 'text') {
      const last = steps.pop();
      if (!last || last.shows.length > 0) throw new Error(`An output without a step: ${body}`);
      steps.push({ ...last, shows: body.trimEnd().split('\n') });
      continue;
    }
    if (name === undefined) throw new Error(`A step without a name: ${body}`);
    steps.push({ name, kind: kindOf(kind), script: body, shows: [] });
  }
  return steps;
}

function kindOf(kind: string | undefined): Step['kind'] {
  if (kind === '-fresh') return 'fresh';
  return kind === '-server' ? 'server' : 'plain';
}

/** The first line that the output lacks, in this order; null when all are there. */
export function missingIn(output: string, shows: readonly string[]): string | null {
  const lines = output.split('\n').map((line) => line.trim());
  let from = 0;
  for (const wanted of shows) {
    const pattern = new RegExp(`^${wanted.trim().split('…').map(escaped).join('.*')}$`);
    const found = lines.findIndex((line, index) => index >= from && pattern.test(line));
    if (found < 0) return wanted;
    from = found + 1;
  }
  return null;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export type Timed = { readonly name: string; readonly seconds: number; readonly since: number };

const START = '<!-- protocol -->\n';
const END = '<!-- /protocol -->';

export const protocolTable = (timed: readonly Timed[], about: string): string =>
  [
    about,
    '',
    '| step | took | since the first command |',
    '| --- | ---: | ---: |',
    ...timed.map(({ name, seconds, since }) => `| ${name} | ${tenth(seconds)} | ${tenth(since)} |`),
    '',
  ].join('\n');
const tenth = (seconds: number): string => `${seconds.toFixed(1)} s`;

export function withProtocol(page: string, table: string): string {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('The page has no place for it');
  return `${before}${START}${table}${END}${after}`;
}
