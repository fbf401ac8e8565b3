import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { journalContract } from '../contracts/journal.contract.ts';

journalContract('The journal in memory', async () => memoryJournal('acme'));
