/** Stock: Bolt's hello world on its own Lambda receiver, as its documentation has it. */
import { App, AwsLambdaReceiver } from '@slack/bolt';

const receiver = new AwsLambdaReceiver({ signingSecret: 'stock-signing-secret' });
const app = new App({ receiver, token: 'xoxb-stock' });
app.command('/hello', async ({ ack }) => {
  await ack('hello world');
});

const started = receiver.start();
export const handler = async (...args: Parameters<Awaited<typeof started>>) =>
  (await started)(...args);
