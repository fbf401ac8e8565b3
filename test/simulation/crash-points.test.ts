import { playCards } from './crash-cards.ts';
import { everyPoint, play, STORIES } from './crash-points.ts';

/** Runs after the interesting ones only repeat: a sweep a minute goes on for ever. */
const MOST: Readonly<Record<string, number>> = { sweep: 40, ensure: 50 };

test('without a crash every story comes to its end', async () => {
  for (const story of STORIES) expect((await play(story, null)).problems).toEqual([]);
});

test.each(STORIES.map((story) => [`${story.name}, ${story.by}`, story] as const))(
  '%s: from every crash point the sweep alone gets there',
  async (name, story) => {
    const { points, problems } = await everyPoint(story, MOST[story.by] ?? 100);
    console.log(`${name}: ${points.length} points: ${points.join(', ')}`);
    expect(problems).toEqual([]);
    expect(points.length).toBeGreaterThan(1);
  },
  900_000,
);

/** Two of its runs, and what is left of a third: those that follow only edit. */
const MOST_OF_ANNOUNCE = 60;

test.each(['found-again', 'made-twice'] as const)(
  'announce, where Slack has a post of the same name %s: from every crash point one card is left, or it says that there may be two',
  async (slack) => {
    const whole = await playCards(slack, null);
    expect(whole).toEqual({ struck: null, cards: 1, problems: [] });
    const points: string[] = [];
    const problems: string[] = [];
    let doubled = 0;
    for (let call = 1; call <= MOST_OF_ANNOUNCE; call += 1) {
      const ran = await playCards(slack, { call, kind: 'crash-after' });
      doubled += ran.cards - 1;
      problems.push(...ran.problems.map((what) => `${call} (${ran.struck}): ${what}`));
      points.push(`${call} ${ran.struck}`);
    }
    console.log(`announce, ${slack}: ${points.join(', ')}`);
    expect(problems).toEqual([]);
    // A post that nobody could store is the one point that costs a second card, and only where Slack does not find it again.
    expect(doubled).toBe(slack === 'found-again' ? 0 : 1);
    expect(points.filter((point) => point.endsWith('slack.post.card'))).toHaveLength(1);
  },
  300_000,
);
