/** Who is on call and which tickets there are in every fresh local world. */
import type { OutsideSeed } from './outside-stand-in.ts';

export const outsideSeed: OutsideSeed = {
  onCall: { PPRIMARY: ['bo@acme.example'] },
  tickets: { 'OPS-7': 'open', 'OPS-8': 'open' },
};
