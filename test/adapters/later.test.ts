/** Adapters that are loaded with their first use: the same port, loaded once, and tried again after a load that failed. */
import { laterJournal, laterQueues, laterSecretBox } from '../../shared/adapters/later.ts';
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { laterPolicies } from '../../shared/application/later-policies.ts';
import { journalContract } from '../contracts/journal.contract.ts';

journalContract('A journal that is loaded with its first use', async () =>
  laterJournal(async () => memoryJournal('acme')),
);

/** Fails the first time. */
function onlyTheSecondTime<T>(value: T) {
  const seen = { loads: 0 };
  const load = async (): Promise<T> => {
    seen.loads += 1;
    if (seen.loads === 1) throw new Error('the part could not be read');
    return value;
  };
  return { seen, load };
}

const context = {
  tenant: 'acme',
  ...{ owner: 'U0ANA', authenticatorId: 'authenticator-1', version: '1' },
};

test('a key service and queues are loaded once, with their first use, and again after a load that failed', async () => {
  const sent: string[] = [];
  const lost = onlyTheSecondTime({
    send: async (queue: string) => {
      sent.push(queue);
    },
  });
  const queues = laterQueues(lost.load);
  expect(lost.seen.loads).toBe(0);
  await expect(queues.send('announce', { requestId: 'AR-000001' })).rejects.toThrow('could not be');
  await queues.send('announce', { requestId: 'AR-000001' });
  await queues.send('announce', { requestId: 'AR-000001' });
  expect(sent).toEqual(['announce', 'announce']);
  expect(lost.seen.loads).toBe(2);

  const sealed = { key: 'k', iv: 'i', ciphertext: 'c', tag: 't' };
  const keys = onlyTheSecondTime({
    seal: async () => sealed,
    open: async () => new Uint8Array([7]),
  });
  const box = laterSecretBox(keys.load);
  await expect(box.open(sealed, context)).rejects.toThrow('could not be');
  expect(await box.open(sealed, context)).toEqual(new Uint8Array([7]));
  expect(await box.seal(new Uint8Array([7]), context)).toEqual(sealed);
  expect(keys.seen.loads).toBe(2);
});

test('policies are loaded with the first question, and all who ask share one memory of them', async () => {
  let loads = 0;
  const asked: string[] = [];
  const policies = laterPolicies(async () => {
    loads += 1;
    const nth = loads;
    await new Promise(setImmediate);
    return {
      active: async () => {
        asked.push(`active of ${nth}`);
        return null;
      },
      byHash: async () => {
        asked.push(`byHash of ${nth}`);
        throw new Error('no such version');
      },
    };
  });
  expect(await Promise.all([policies.active(), policies.active()])).toEqual([null, null]);
  await expect(policies.byHash('x')).rejects.toThrow('no such version');
  expect(new Set(asked.map((one) => one.split(' of ')[1])).size).toBe(1);
});

test('policies that could not be loaded are loaded again with the next question', async () => {
  const lost = onlyTheSecondTime({
    active: async () => null,
    byHash: async () => {
      throw new Error('no such version');
    },
  });
  const policies = laterPolicies(lost.load);
  await expect(policies.active()).rejects.toThrow('could not be read');
  expect(await policies.active()).toBeNull();
});
