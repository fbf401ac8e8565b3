/** What can be typed. */
import type { Vocabulary } from '../command-line.ts';
import { COMMANDS } from '../commands.ts';
import { code } from './escape.ts';
import { context, type Message, section } from './parts.ts';

const { request, access } = COMMANDS;
const MOST = 20;

export function requestHelp({
  offered,
  targets,
}: Pick<Vocabulary, 'offered' | 'targets'>): Message {
  const lines = offered
    .slice(0, MOST)
    .map((target) => `• ${code(target)} as ${(targets.get(target) ?? []).map(code).join(' or ')}`);
  const more = offered.length > MOST ? [`… and ${offered.length - MOST} more`] : [];
  return {
    text: 'How to ask for access',
    blocks: [
      section(
        `${code(request)} alone opens the form, and so does a line with gaps.\n*${request} target role duration why*\nRole and duration come in any order: ${code(`${request} github:acme/deployers member 2h INC-123 rollback`)}.\nA duration is 30m, 2h, 1h30m or ${code('until 17:30')}. ${code(`${request} again`)} repeats your last ask.`,
      ),
      section(
        `In the form, or in a line: ${code('--at 2026-11-28T02:00')} begins later · ${code('--window 2026-11-28T02:00/06:00')} you start it yourself in that time · ${code('--for @bo')} for somebody else, where the rule allows it · ${code('--break-glass INC-123')} in an emergency: nobody is asked, everybody is told, and it owes a review.`,
      ),
      section(
        lines.length > 0
          ? `*You can ask for*\n${[...lines, ...more].join('\n')}`
          : 'No rule of the policy lets you ask for anything now.',
      ),
      context(`${code(`${access} help`)} shows the rest.`),
    ],
  };
}

const LINES: readonly (readonly [string, string])[] = [
  ['mine', 'what you asked for, and where it stands'],
  ['pending', 'what waits for your decision'],
  ['approve AR-7K2M9Q', 'opens the form, with your code'],
  ['deny AR-7K2M9Q why', 'one denial ends a request'],
  ['withdraw AR-7K2M9Q', 'takes your own ask back'],
  ['start AR-7K2M9Q', 'starts what was approved for a window'],
  ['review AR-7K2M9Q', 'says whether a break-glass was justified'],
  ['extend AR-7K2M9Q 1h', 'asks for more time'],
  ['nudge AR-7K2M9Q', 'reminds the approvers who have not answered'],
  ['end AR-7K2M9Q', 'ends access before its time'],
  ['end-all @ana', 'ends everything of one person; your own, or as an admin'],
  ['why AR-7K2M9Q', 'by which rule and facts'],
  ['who github:acme/deployers', 'who holds it now, who asked, who may approve'],
  ['status', 'is everything running; with an id, where that request stands'],
  ['pause github', 'admins: no new access for a provider, or `all`; `resume` lifts it'],
  ['red-button', 'two admins: stops everything; `red-button lift` lets it go on'],
  ['enroll', 'sets up your authenticator'],
  ['authenticator', 'where yours stands; recovery codes, and a lost one'],
];

export const accessHelp = (): Message => ({
  text: 'What /access can do',
  blocks: [
    section(LINES.map(([typed, does]) => `${code(`${access} ${typed}`)} ${does}`).join('\n')),
    context(`${code(`${request} help`)} shows how to ask.`),
  ],
});

export const cancelled = () => ({
  message: {
    text: 'Cancelled: nothing was asked',
    blocks: [section('Cancelled. Nothing was asked of anybody.')],
  },
  replace: true,
});
