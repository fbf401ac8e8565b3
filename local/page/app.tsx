/** The page: people at their Slack on the left, what happens behind it on the right, time and faults on top. */
import { useState } from 'react';
import { SlackPane } from './slack/slack-pane.tsx';
import { TopBar } from './top-bar.tsx';
import { XrayPane } from './xray/xray-pane.tsx';

export function App() {
  const [persona, setPersona] = useState('U0ANA');
  const [now] = useState(() => new Date());
  return (
    <div className="shell">
      <TopBar />
      <main className="panes">
        <section className="pane pane-slack" aria-label="Slack">
          <SlackPane persona={persona} onPersona={setPersona} now={now} />
        </section>
        <section className="pane pane-xray" aria-label="X-ray">
          <XrayPane />
        </section>
      </main>
    </div>
  );
}
