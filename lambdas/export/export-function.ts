/** Export queue -> files by day, and a bus: what a checkpoint sealed. Reads the journal and the archive; holds no secret. */
import * as z from 'zod';
import { type ExportDeps, exportSealed } from '../../shared/application/export-sealed.ts';

const Message = z.strictObject({ checkpoint: z.int().positive() });

/** @throws whatever stopped it, after telling the operators: the message comes again */
export function exportMessage(deps: ExportDeps): (body: unknown) => Promise<void> {
  const { telemetry } = deps;
  return async (body) => {
    const { checkpoint } = Message.parse(body);
    await telemetry.within({ checkpoint }, async () => {
      try {
        const { checkpoints, events, files } = await exportSealed(checkpoint, deps);
        telemetry.info('Exported', { checkpoints, events, files });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        telemetry.error('export stopped; the message comes again', { why });
        throw error;
      }
    });
  };
}
