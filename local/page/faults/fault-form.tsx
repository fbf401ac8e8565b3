/** Which service, which of its calls, how it fails, how often; and three that make a good story. */
import { type FormEvent, useState } from 'react';
import type { Overview } from '../../xray/shapes.ts';

type Fault = Overview['faults']['active'][number];
type Choices = Overview['faults'];

const STORIES: readonly { words: string; fault: Fault }[] = [
  {
    words: 'GitHub 500 while granting',
    fault: { target: 'github', on: 'add', fail: '500', times: 1 },
  },
  {
    words: 'GitHub 500 while removing, 8 times',
    fault: { target: 'github', on: 'remove', fail: '500', times: 8 },
  },
  {
    words: 'GitHub’s answer is lost',
    fault: { target: 'github', on: 'add', fail: 'lost', times: 1 },
  },
];
const MEANINGS: Readonly<Record<string, string>> = {
  timeout: 'timeout: not applied, no answer',
  lost: 'lost: applied, no answer',
  crash: 'crash: Hallpass dies there',
  slow: 'slow: answers late',
};

export function FaultForm(props: { choices: Choices; onAdd: (fault: Fault) => void }) {
  const { choices, onAdd } = props;
  const [fault, setFault] = useState<Fault>({ target: 'github', on: 'add', fail: '500', times: 1 });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd(fault);
  };
  return (
    <form className="fault-form" onSubmit={submit}>
      <div className="fault-stories">
        {STORIES.map(({ words, fault: story }) => (
          <button key={words} type="button" className="button" onClick={() => onAdd(story)}>
            {words}
          </button>
        ))}
      </div>
      <Choice
        label="Service"
        of={choices.targets}
        value={fault.target}
        onPick={(target) => setFault({ ...fault, target })}
      />
      <Choice
        label="Calls"
        of={choices.operations}
        value={fault.on}
        onPick={(on) => setFault({ ...fault, on })}
      />
      <Choice
        label="Fails by"
        of={choices.kinds}
        value={fault.fail}
        onPick={(fail) => setFault({ ...fault, fail })}
      />
      <label>
        Times
        <input
          type="number"
          min={1}
          max={1000}
          value={fault.times}
          onChange={({ target }) =>
            setFault({ ...fault, times: Math.max(1, target.valueAsNumber || 1) })
          }
        />
      </label>
      <button type="submit" className="button primary">
        Arm
      </button>
    </form>
  );
}

function Choice(props: {
  label: string;
  of: readonly string[];
  value: string;
  onPick: (value: string) => void;
}) {
  const { label, of, value, onPick } = props;
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => onPick(target.value)}>
        {of.map((choice) => (
          <option key={choice} value={choice}>
            {choice === '*' ? 'any' : (MEANINGS[choice] ?? choice)}
          </option>
        ))}
      </select>
    </label>
  );
}
