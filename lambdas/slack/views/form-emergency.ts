/** What an emergency costs, said before it is taken: nobody is asked, who is told, what is left of the quota, the review. */
import { formatDuration } from '../../../shared/domain/duration.ts';
import type { Emergency } from '../../../shared/domain/policy/choices.ts';
import type { KnownBlock } from './block-kit.ts';
import type { FormFacts, GlassStanding } from './form-facts.ts';
import { dayAndTime } from './instants.ts';
import { mentions, section } from './parts.ts';
import { wordsFor } from './refusals.ts';

const MOST_NAMED = 20;

/** Empty while break-glass is not ticked. */
export function emergencyBlocks({ filled, choices, glass, now }: FormFacts): KnownBlock[] {
  if (!filled.glass) return [];
  const head = ':rotating_light: *BREAK-GLASS: nobody is asked, everybody is told.*';
  if (!choices?.emergency || !glass)
    return [section(`${head}\nChoose what you need; what it costs is shown here.`)];
  const lines = costs(choices.emergency, glass).map((line) => `• ${line}`);
  const stop = glass.refusal ? [`:no_entry: ${refusalWords(glass.refusal, now)}`] : [];
  return [section([head, ...stop, ...lines].join('\n'))];
}

function refusalWords(refusal: NonNullable<GlassStanding['refusal']>, now: Date): string {
  const { happened, why, next } = wordsFor(refusal, now);
  return `*${happened}* ${why} ${next} (${refusal.code})`;
}

function costs(
  { terms }: Emergency,
  { taken, reviewBy, securityChannel }: GlassStanding,
): string[] {
  const { approvers, channel, maxDurationSeconds, breakGlass } = terms;
  const more = approvers.length > MOST_NAMED ? ` and ${approvers.length - MOST_NAMED} more` : '';
  const channels = [channel, securityChannel].filter((id) => id !== null);
  const where = [...new Set(channels)].map((id) => `, <#${id}>`).join('');
  const most = breakGlass?.perPersonPerWeek ?? 0;
  const within = formatDuration(breakGlass?.reviewWithinSeconds ?? 0);
  const due = reviewBy === null ? `within ${within}` : `by ${dayAndTime(reviewBy)}`;
  return [
    `You have it at once and for yourself alone, for *${formatDuration(maxDurationSeconds)}* at most.`,
    `Told at once: ${mentions(approvers.slice(0, MOST_NAMED))}${more}${where}.`,
    `*${Math.max(0, most - taken)} of ${most}* left in seven days.`,
    `One of them *reviews* it ${due}. Until an overdue review is done there is no other break-glass for you.`,
  ];
}
