/** Everybody's authenticator: the code that their phone shows now, and how long it still counts. */
import { useState } from 'react';
import type { PersonaShown } from '../../xray/shapes.ts';

const STEP_SECONDS = 30;
const SAID_MS = 1500;

export function Phones({ personas, now }: { personas: readonly PersonaShown[]; now: Date }) {
  const [copied, setCopied] = useState<string | null>(null);
  const left = STEP_SECONDS - (Math.floor(now.getTime() / 1000) % STEP_SECONDS);
  const copy = async ({ slack, code }: PersonaShown) => {
    await navigator.clipboard.writeText(code);
    setCopied(slack);
    setTimeout(() => setCopied(null), SAID_MS);
  };
  return (
    <section className="phones" aria-label="Authenticators" data-tour-target="phones">
      <h3 className="phones-title">
        Authenticators <span className="muted">new codes in {left} s</span>
      </h3>
      <ul className="phone-list">
        {personas.map((persona) => (
          <li key={persona.slack}>
            <button
              type="button"
              className="phone"
              onClick={() => copy(persona)}
              title={`Copy ${persona.name}’s code`}
            >
              <span className="phone-name">{persona.name}</span>
              <span className="phone-code" data-code={persona.slack}>
                {persona.code.slice(0, 3)} {persona.code.slice(3)}
              </span>
              <span className="phone-copy">{copied === persona.slack ? 'copied' : 'copy'}</span>
            </button>
          </li>
        ))}
      </ul>
      <meter
        className="phone-left"
        min={0}
        max={STEP_SECONDS}
        value={left}
        aria-label="Seconds until new codes"
      />
    </section>
  );
}
