/**
 * `npm run doctor [-- -c stage=prod] [--json] [--quick]`: looks at the real thing with the credentials of whoever runs it, changes
 * nothing, and names the fix of each thing that is wrong. Exit 0: nothing to mend, 1: something is, 2: it could not look.
 * --quick leaves out Slack's judgement of the messages, which takes a minute.
 */
import { setTimeout } from 'node:timers/promises';
import { goldenCorpus } from '../../test/blocks/golden.ts';
import { readCommandLine } from './command-line.ts';
import { readDeployed } from './deployed.ts';
import { examine, type Report } from './examine.ts';

const EXIT = { mended: 0, findings: 1, usage: 2 } as const;
const SIGN = { ok: 'ok      ', warning: 'warning ', problem: 'PROBLEM ' } as const;

async function doctor(args: readonly string[]): Promise<number> {
  const asked = readCommandLine(args, ['--json', '--quick']);
  if (typeof asked === 'string' || asked.rest.length > 0) {
    console.error(
      typeof asked === 'string'
        ? asked
        : `What is ${asked.rest.join(' ')}? --json, --quick, -c stage=`,
    );
    return EXIT.usage;
  }
  const deployed = readDeployed(asked.stage);
  if (typeof deployed === 'string') {
    console.error(deployed);
    return EXIT.usage;
  }
  const isJson = asked.own.has('--json');
  const reports: Report[] = [];
  const outside = {
    now: () => new Date(),
    wait: (seconds: number) => setTimeout(seconds * 1000),
    payloads: asked.own.has('--quick') ? null : () => goldenCorpus({ shapes: 1 }),
  };
  for await (const report of examine(deployed, outside)) {
    reports.push(report);
    if (!isJson) for (const line of linesOf(report)) console.log(line);
  }
  const problems = reports.filter(({ level }) => level === 'problem').length;
  const warnings = reports.filter(({ level }) => level === 'warning').length;
  if (isJson)
    console.log(JSON.stringify({ stage: asked.stage, problems, warnings, findings: reports }));
  else console.log(`\n${problems} problems, ${warnings} warnings, ${reports.length} looked at`);
  return problems === 0 ? EXIT.mended : EXIT.findings;
}

const linesOf = ({ check, level, what, fix }: Report): string[] => [
  `${SIGN[level]}${check}: ${what}`,
  ...(fix === undefined ? [] : [`         -> ${fix}`]),
];

process.exitCode = await doctor(process.argv.slice(2));
