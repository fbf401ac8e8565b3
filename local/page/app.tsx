/** The page: people at their Slack on the left, what happens behind it on the right, time and faults on top. */
import { useEffect, useState } from 'react';
import * as z from 'zod';
import { Overview, PersonaShown, RequestDetail } from '../xray/shapes.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { SlackPane } from './slack/slack-pane.tsx';
import { TopBar } from './top-bar.tsx';
import { Tour } from './tour/tour.tsx';
import { useTour } from './tour/use-tour.ts';
import { useNow } from './use-now.ts';
import { usePolled } from './use-polled.ts';
import { useRemembered } from './use-remembered.ts';
import { XrayPane } from './xray/xray-pane.tsx';

const OVERVIEW_MS = 700;
const DETAIL_MS = 2500;
const PERSONAS_MS = 3000;
const CODE_STEP_MS = 30_000;
const Personas = z.array(PersonaShown);

export function App() {
  const [persona, setPersona] = useRemembered('persona', 'U0ANA');
  const overview = usePolled('/_local/xray', Overview, OVERVIEW_MS);
  const now = useNow(overview.value?.offsetMs ?? 0);
  const personas = usePolled('/_local/personas', Personas, PERSONAS_MS);
  const [picked, setPicked] = useState<string | null>(null);
  const requests = overview.value?.requests ?? [];
  const selected = requests.find(({ id }) => id === picked) ?? requests[0] ?? null;
  const detail = usePolled(
    selected && `/_local/xray/requests/${selected.id}`,
    RequestDetail,
    DETAIL_MS,
  );
  const { refresh: refreshDetail } = detail;
  const { refresh: refreshPersonas } = personas;
  const revision = overview.value?.revision;
  useEffect(() => {
    if (revision !== undefined) refreshDetail();
  }, [revision, refreshDetail]);
  const codeStep = Math.floor(now.getTime() / CODE_STEP_MS);
  useEffect(() => {
    if (codeStep > 0) refreshPersonas();
  }, [codeStep, refreshPersonas]);
  const tour = useTour({ requests: overview.value?.requests ?? null, revision, persona, now });
  const world = { overview: overview.value, now, refresh: overview.refresh };
  return (
    <div
      className="shell"
      data-tour-at={tour.shown && !tour.finished ? tour.step.target : undefined}
    >
      <TopBar {...world} tour={tour} personas={personas.value ?? []} />
      <ConnectionBanner lost={overview.lost} />
      {tour.shown && <Tour tour={tour} />}
      <main className="panes">
        <section className="pane pane-slack" aria-label="Slack" data-tour-target="slack">
          <SlackPane persona={persona} onPersona={setPersona} now={now} />
        </section>
        <section className="pane pane-xray" aria-label="X-ray">
          <XrayPane
            {...world}
            selected={selected}
            detail={detail.value}
            onPick={setPicked}
            personas={personas.value ?? []}
            tab={tour.shown && !tour.finished ? tour.step.tab : null}
          />
        </section>
      </main>
    </div>
  );
}
