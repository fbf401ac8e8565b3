/** A person's phone: scans the key on the deployed page and shows codes from then on, each of them at most once. */
import { codeAt } from '../../local/code-at.ts';

const STEP_MS = 30_000;

export type Phone = {
  /** Waits for a code that was not shown before: one code serves once. */
  code(): Promise<string>;
};

/** Opens the link, enters the first code, answers the word that has to be typed in Slack. */
export async function enrolOn(link: string): Promise<{ phone: Phone; word: string }> {
  const looked = await (await fetch(link)).text();
  if (looked.includes('<svg')) throw new Error('Looking at the page showed the key.');
  const key = /(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(await postForm(link, {}))?.[0];
  if (key === undefined) throw new Error('The page showed no key.');
  const phone = phoneWith(base32(key));
  const word = /<output>([a-z-]+)<\/output>/.exec(
    await postForm(link, { step: 'confirm', code: await phone.code() }),
  )?.[1];
  if (word === undefined) throw new Error('The page did not take the code.');
  return { phone, word };
}

async function postForm(link: string, fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams(fields);
  const answer = await fetch(link, { method: 'POST', ...(body.size > 0 ? { body } : {}) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The enrolment page answered ${answer.status}: ${text}`);
  return text;
}

function phoneWith(secret: Uint8Array): Phone {
  let lastStep = 0;
  return {
    async code() {
      for (;;) {
        const now = Date.now();
        const step = Math.floor(now / STEP_MS);
        if (step > lastStep) {
          lastStep = step;
          return codeAt(secret, new Date(now));
        }
        await new Promise((resolve) => setTimeout(resolve, (step + 1) * STEP_MS - now + 100));
      }
    },
  };
}

function base32(key: string): Uint8Array {
  const bits = [...key.replaceAll(' ', '')]
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
