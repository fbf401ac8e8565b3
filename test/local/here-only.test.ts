/** Who may use the local controls: this machine's own page and command line. */
import { Hono } from 'hono';
import { hereOnly } from '../../local/here-only.ts';

const app = new Hono().use(hereOnly).get('/', (context) => context.text('here'));
const asked = async (host: string, origin?: string) =>
  (await app.request(`http://${host}/`, { headers: origin === undefined ? {} : { origin } }))
    .status;

test.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', '127.0.0.1'])(
  '%s is here',
  async (host) => {
    expect(await asked(host)).toBe(200);
    expect(await asked(host, `http://${host}`)).toBe(200);
  },
);

test('another name for this address (DNS rebinding) and another site’s page are refused', async () => {
  for (const host of [
    'rebound.example',
    '127.0.0.1.rebound.example',
    'localhost.rebound.example:3000',
  ])
    expect(await asked(host)).toBe(403);
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:4000'])
    expect(await asked('127.0.0.1:3000', origin)).toBe(403);
});
