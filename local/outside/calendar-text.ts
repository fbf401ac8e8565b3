/** A calendar with one shift that goes on now, as RFC 5545 writes it. */
const HOUR_MS = 3_600_000;
const utc = (instant: number): string =>
  `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

export function calendarText(emails: readonly string[], now: Date): string {
  const at = now.getTime();
  const shift = [
    'BEGIN:VEVENT',
    'UID:shift@acme.example',
    `DTSTAMP:${utc(at)}`,
    `DTSTART:${utc(at - HOUR_MS)}`,
    `DTEND:${utc(at + HOUR_MS)}`,
    'SUMMARY:On call',
    ...emails.map((email) => `ATTENDEE:mailto:${email}`),
    'END:VEVENT',
  ];
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Hallpass//local//EN',
    ...(emails.length > 0 ? shift : []),
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}
