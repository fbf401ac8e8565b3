/** On-call systems as their documentation shows their answers, and whatever else they may say. */
import type { Fetch } from '../../shared/adapters/bounded-get.ts';
import { onCallByCalendar } from '../../shared/adapters/on-call/calendar-now.ts';
import { OnCallSettings, onCallSystems } from '../../shared/adapters/on-call/on-call.ts';

const NOW = new Date('2026-11-23T09:00:00.000Z');
type Seen = { url: URL; headers: Headers; redirect: string | undefined };

/** Answers like the system would and notes what it was asked. */
function scripted(answer: () => Response | Promise<Response>) {
  const seen: Seen[] = [];
  const fetch: Fetch = async (url, init) => {
    seen.push({ url, headers: new Headers(init.headers), redirect: init.redirect });
    return answer();
  };
  const settings = OnCallSettings.parse({
    pagerduty: { token: 'pd-secret' },
    opsgenie: { token: 'og-secret', apiUrl: 'https://api.eu.opsgenie.com' },
    ical: { hosts: ['calendar.example.com'] },
  });
  return { seen, systems: onCallSystems(async () => settings, { fetch }) };
}
const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });

/** As in the reference of GET /oncalls, with `include[]=users`. */
const oncall = (user: object, part: object = {}) => ({
  escalation_policy: { id: 'PT20YPA', type: 'escalation_policy_reference', summary: 'Another' },
  escalation_level: 2,
  schedule: { id: 'PI7DH85', type: 'schedule_reference', summary: 'Daily Engineering Rotation' },
  user: { id: 'PXPGF42', type: 'user', name: 'Earline Greenholt', ...user },
  start: '2026-11-20T16:00:00Z',
  end: '2026-11-27T16:00:00Z',
  ...part,
});
const page = (...oncalls: object[]) => ({
  oncalls,
  limit: 100,
  offset: 0,
  more: false,
  total: null,
});

describe('PagerDuty', () => {
  const place = { system: 'pagerduty', id: 'PI7DH85' } as const;

  test('is asked about the schedule and this instant, with the token in the header alone', async () => {
    const { systems, seen } = scripted(json(page(oncall({ email: 'e@acme.example' }))));
    expect(await systems.onCallNow(place, NOW)).toEqual([
      { account: 'PXPGF42', email: 'e@acme.example' },
    ]);
    const [asked] = seen;
    expect(asked?.url.href).toBe(
      'https://api.pagerduty.com/oncalls?schedule_ids%5B%5D=PI7DH85&include%5B%5D=users&since=2026-11-23T09%3A00%3A00.000Z&until=2026-11-23T09%3A00%3A01.000Z&limit=100',
    );
    expect(asked?.headers.get('authorization')).toBe('Token token=pd-secret');
    expect(asked?.headers.get('accept')).toBe('application/vnd.pagerduty+json;version=2');
    expect(asked?.redirect).toBe('manual');
  });

  test('names nobody of another schedule, nobody whose shift is over or has not begun, and always who is on always', async () => {
    const other = oncall({ id: 'POTHER1' }, { schedule: { id: 'POTHER' } });
    const over = oncall({ id: 'POVER01' }, { end: NOW.toISOString() });
    const next = oncall({ id: 'PNEXT01' }, { start: '2026-11-23T09:00:00.500Z' });
    const always = oncall({ id: 'PALWAYS' }, { start: null, end: null });
    const noSchedule = oncall({ id: 'PNONE01' }, { schedule: null });
    const { systems } = scripted(json(page(other, over, next, always, noSchedule)));
    expect(await systems.onCallNow(place, NOW)).toEqual([{ account: 'PALWAYS', email: null }]);
  });

  test('is asked once in 45 seconds, by however many at once; a fault is not remembered', async () => {
    let answer = json({}, 500);
    const { systems, seen } = scripted(() => answer());
    await expect(systems.onCallNow(place, NOW)).rejects.toThrow('HTTP 500');
    answer = json(page(oncall({})));
    const later = new Date(NOW.getTime() + 44_000);
    await Promise.all([1, 2, 3].map(() => systems.onCallNow(place, NOW)));
    await systems.onCallNow(place, later);
    expect(seen).toHaveLength(2);
    await systems.onCallNow(place, new Date(NOW.getTime() + 46_000));
    expect(seen).toHaveLength(3);
  });
});

test('Opsgenie is asked by name or id, and answers user names', async () => {
  const body = {
    data: {
      _parent: { id: 'd875e654-9b4e-4219-a803-0c26936d18de', name: 'ScheduleName', enabled: true },
      onCallRecipients: ['user1@opsgenie.com', 'user2@opsgenie.com'],
    },
    took: 0.101,
    requestId: '7f0alpha6-5c2e-4b4e-a8fd-2c4ef8c6c9e6',
  };
  const { systems, seen } = scripted(json(body));
  expect(await systems.onCallNow({ system: 'opsgenie', id: 'Pay/ment team' }, NOW)).toEqual([
    { account: 'user1@opsgenie.com', email: 'user1@opsgenie.com' },
    { account: 'user2@opsgenie.com', email: 'user2@opsgenie.com' },
  ]);
  await systems.onCallNow({ system: 'opsgenie', id: body.data._parent.id }, NOW);
  expect(seen.map(({ url }) => url.href)).toEqual([
    'https://api.eu.opsgenie.com/v2/schedules/Pay%2Fment%20team/on-calls?flat=true&scheduleIdentifierType=name',
    `https://api.eu.opsgenie.com/v2/schedules/${body.data._parent.id}/on-calls?flat=true&scheduleIdentifierType=id`,
  ]);
  expect(seen[0]?.headers.get('authorization')).toBe('GenieKey og-secret');
});

describe('what is no clear answer is a fault, without a secret in it', () => {
  const answers: [string, () => Response | Promise<Response>][] = [
    ['a refused token', json({}, 401)],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'http://[::1]/' } }),
    ],
    ['too many asks', json({}, 429)],
    ['an HTML page', () => new Response('<html>', { status: 200 })],
    ['nothing', () => new Response(null, { status: 200 })],
    ['another shape', json({ oncalls: 'none', data: { onCallRecipients: [7] } })],
    ['more than fits', json({ ...page(), more: true, data: {} })],
    ['two megabytes', () => new Response('x'.repeat(2_000_000))],
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed pd-secret'))],
  ];
  test.each(answers)('%s', async (_, answer) => {
    const { systems } = scripted(answer);
    for (const place of [
      { system: 'pagerduty', id: 'PI7DH85' },
      { system: 'opsgenie', id: 'x' },
      { system: 'ical', id: 'https://calendar.example.com/a.ics' },
    ] as const) {
      const asked = systems.onCallNow(place, NOW);
      await expect(asked).rejects.toMatchObject({ name: 'Fault', service: 'outside' });
      await expect(asked).rejects.not.toThrow(/secret/);
    }
  });

  test('a system that is not configured', async () => {
    const systems = onCallSystems(async () => ({}));
    for (const system of ['pagerduty', 'opsgenie', 'ical'] as const)
      await expect(systems.onCallNow({ system, id: 'https://a.example' }, NOW)).rejects.toThrow(
        'is not configured',
      );
  });
});

test.each([
  'https://evil.example/a.ics',
  'https://calendar.example.com.evil.example/a.ics',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost/a.ics',
  'http://calendar.example.com/a.ics',
  'https://calendar.example.com:8443/a.ics',
])('a calendar at %s is never fetched', async (id) => {
  const { systems, seen } = scripted(() => new Response('BEGIN:VCALENDAR\r\nEND:VCALENDAR'));
  await expect(systems.onCallNow({ system: 'ical', id }, NOW)).rejects.toMatchObject({
    service: 'outside',
  });
  expect(seen).toEqual([]);
});

const BERLIN = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  'BEGIN:DAYLIGHT',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
];
let made = 0;
const event = (...lines: string[]) => {
  made += 1;
  const uid = lines.some((line) => line.startsWith('UID')) ? [] : [`UID:e${made}@acme`];
  return ['BEGIN:VEVENT', ...uid, 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT'];
};
const calendar = (...parts: string[][]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//acme//EN', ...parts.flat(), 'END:VCALENDAR'].join(
    '\r\n',
  );
const ANA = 'ATTENDEE;CN=Ana:mailto:Ana@acme.example';
const BO = 'ATTENDEE;CN=Bo:mailto:bo@acme.example';
const at = (text: string, now: string) =>
  onCallByCalendar(text, new Date(now)).map(({ email }) => email);

describe('a calendar', () => {
  test('names the attendees of what goes on now; the end is exclusive', () => {
    const text = calendar(event('DTSTART:20261123T080000Z', 'DTEND:20261123T100000Z', ANA, BO));
    expect(at(text, '2026-11-23T08:00:00Z')).toEqual(['ana@acme.example', 'bo@acme.example']);
    expect(at(text, '2026-11-23T07:59:59Z')).toEqual([]);
    expect(at(text, '2026-11-23T10:00:00Z')).toEqual([]);
  });

  test('reads addresses of the title where it has no attendees, and nobody who declined', () => {
    const titled = event(
      ...['DTSTART:20261123T080000Z', 'DURATION:PT2H', 'SUMMARY:On call: ana@acme.example (Ana)'],
    );
    const declined = event(
      ...['DTSTART:20261123T080000Z', 'DURATION:PT2H', 'SUMMARY:bo@acme.example'],
      'ATTENDEE;PARTSTAT=DECLINED:mailto:bo@acme.example',
    );
    expect(at(calendar(titled, declined), '2026-11-23T09:00:00Z')).toEqual(['ana@acme.example']);
  });

  test('hands over at the same wall clock before and after daylight saving ends', () => {
    const weekly = event(
      'DTSTART;TZID=Europe/Berlin:20261019T090000',
      'DTEND;TZID=Europe/Berlin:20261019T170000',
      ...['RRULE:FREQ=WEEKLY;BYDAY=MO', ANA],
    );
    const text = calendar(BERLIN, weekly);
    expect(at(text, '2026-10-19T07:00:00Z')).toHaveLength(1);
    expect(at(text, '2026-10-19T06:59:00Z')).toHaveLength(0);
    expect(at(text, '2026-10-26T07:30:00Z')).toHaveLength(0);
    expect(at(text, '2026-10-26T08:00:00Z')).toHaveLength(1);
  });

  test('honours exceptions, moved shifts and cancelled ones', () => {
    const daily = event(
      ...['UID:daily@acme', 'DTSTART:20261120T080000Z', 'DTEND:20261120T100000Z'],
      ...['RRULE:FREQ=DAILY', 'EXDATE:20261122T080000Z', ANA],
    );
    const moved = event(
      ...['UID:daily@acme', 'RECURRENCE-ID:20261123T080000Z'],
      ...['DTSTART:20261123T120000Z', 'DTEND:20261123T130000Z', BO],
    );
    const cancelled = event(
      ...['UID:daily@acme', 'RECURRENCE-ID:20261124T080000Z', 'STATUS:CANCELLED'],
      ...['DTSTART:20261124T080000Z', 'DTEND:20261124T100000Z', ANA],
    );
    const text = calendar(daily, moved, cancelled);
    expect(at(text, '2026-11-21T09:00:00Z')).toEqual(['ana@acme.example']);
    expect(at(text, '2026-11-22T09:00:00Z')).toEqual([]);
    expect(at(text, '2026-11-23T09:00:00Z')).toEqual([]);
    expect(at(text, '2026-11-23T12:30:00Z')).toEqual(['bo@acme.example']);
    expect(at(text, '2026-11-24T09:00:00Z')).toEqual([]);
    expect(at(text, '2026-11-25T09:00:00Z')).toEqual(['ana@acme.example']);
  });

  test('ends a series where its rule says so', () => {
    const until = event(
      ...['DTSTART:20261120T080000Z', 'DTEND:20261120T100000Z', 'RRULE:FREQ=DAILY;COUNT=2', ANA],
    );
    expect(at(calendar(until), '2026-11-21T09:00:00Z')).toHaveLength(1);
    expect(at(calendar(until), '2026-11-22T09:00:00Z')).toHaveLength(0);
  });

  test('gives nobody a right by a time of no certain instant', () => {
    const wholeDay = event('DTSTART;VALUE=DATE:20261123', 'DTEND;VALUE=DATE:20261124', ANA);
    const floating = event('DTSTART:20261123T080000', 'DTEND:20261123T100000', ANA);
    const unknownZone = event(
      'DTSTART;TZID=Mars/Base:20261123T080000',
      'DTEND;TZID=Mars/Base:20261123T100000',
      ANA,
    );
    const backwards = event('DTSTART:20261123T100000Z', 'DTEND:20261123T080000Z', ANA);
    const text = calendar(wholeDay, floating, unknownZone, backwards);
    expect(at(text, '2026-11-23T09:00:00Z')).toEqual([]);
  });

  test.each([
    ['no calendar', 'hello'],
    ['nothing', ''],
    ['half a calendar', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026'],
    [
      'a rest of a series moved at once',
      calendar(
        event('RECURRENCE-ID;RANGE=THISANDFUTURE:20261123T080000Z', 'DTSTART:20261123T080000Z'),
      ),
    ],
    [
      'a repetition without end',
      calendar(event('DTSTART:19700101T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY', ANA)),
    ],
    ['too many events', calendar(...Array.from({ length: 2001 }, () => event('SUMMARY:x')))],
  ])('%s is a fault, and found before the reading of it goes on without end', (_, text) => {
    expect(() => at(text, '2026-11-23T09:00:00Z')).toThrow(/on-call calendar/);
  });
});
