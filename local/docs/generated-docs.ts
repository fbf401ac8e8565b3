/**
 * Everything below docs/ that is generated: JSON Schemas of what outsiders may rely on, and the pages about audit events
 * and refusals. Pure: source texts in, file texts out. A test fails when the committed files differ.
 */
import * as z from 'zod';
import { REFUSAL_CODES } from '../../shared/application/refusal-codes.ts';
import { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { Holding } from '../../shared/domain/holding/model.ts';
import { Fault } from '../faults.ts';
import { Persona } from '../personas.ts';
import { AuditEvent, LocalState } from '../state-view.ts';
import { auditEventsPage } from './audit-events.ts';
import { errorsPage } from './errors-page.ts';
import { fieldComments } from './field-comments.ts';

export const COMMAND = 'npx tsx local/docs/generate.ts';

/** Where the events are declared, and with them the comments about their fields. */
export const MODEL_FILES: readonly string[] = [
  'shared/domain/access-request/events.ts',
  'shared/domain/holding/model.ts',
  'shared/domain/authenticator/model.ts',
  'shared/domain/audit/model.ts',
  'shared/domain/policy-change.ts',
  'shared/domain/records.ts',
  'shared/domain/record-parts.ts',
];

const schema = (title: string, type: z.ZodType, io: 'input' | 'output' = 'output'): string =>
  printed({ title, ...z.toJSONSchema(type, { io }) });
const printed = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const refusalCodes = (): string =>
  printed({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Stable code of a refusal, by who says no',
    oneOf: Object.entries(REFUSAL_CODES).map(([title, codes]) => ({ title, enum: [...codes] })),
  });

/** Path below the project -> text. `textOf` reads a source file of the project. */
export function generatedDocs(textOf: (path: string) => string): ReadonlyMap<string, string> {
  return new Map([
    ['docs/contract/request.json', schema('State of an access request', KnownRequest)],
    ['docs/contract/holding.json', schema('One provider account in one container', Holding)],
    ['docs/contract/audit-event.json', schema('One row of the audit log', AuditEvent)],
    ['docs/contract/refusal-codes.json', refusalCodes()],
    ['docs/contract/local-state.json', schema('Answer of GET /_local/state', LocalState)],
    ['docs/contract/fault.json', schema('Body of POST /_local/faults', Fault, 'input')],
    ['docs/contract/persona.json', schema('One entry of GET /_local/personas', Persona)],
    ['docs/audit-events.md', auditEventsPage(fieldComments(MODEL_FILES.map(textOf)))],
    ['docs/errors.md', errorsPage()],
  ]);
}
