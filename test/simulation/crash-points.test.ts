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
