/**
 * What Bolt and the Slack client say goes to telemetry, by the kind of error only. Their debug lines hold whole payloads
 * with typed codes in them and are thrown away, whatever level anybody asks for.
 */
import { LogLevel } from '@slack/bolt';
import type { Telemetry } from '../../shared/ports.ts';

const LONGEST = 300;

const said = (parts: readonly unknown[]): string =>
  parts
    .map((part) => (typeof part === 'string' ? part : part instanceof Error ? part.name : ''))
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, LONGEST);

export function boltLogger(telemetry: Telemetry) {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts: unknown[]) => telemetry.info('Slack library warns', { said: said(parts) }),
    error: (...parts: unknown[]) => telemetry.error('Slack library fails', { said: said(parts) }),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
