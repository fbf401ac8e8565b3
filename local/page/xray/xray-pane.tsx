/** What happens behind Slack: requests, their events, the journal's rows, the provider before and now, raw payloads. */
import { useEffect, useState } from 'react';
import type { PersonaShown, RequestDetail, RequestSummary } from '../../xray/shapes.ts';
import { Phones } from '../phones/phones.tsx';
import type { WorldProps } from '../top-bar.tsx';
import { JournalView } from './journal-view.tsx';
import { PayloadView } from './payload-view.tsx';
import { ProviderView } from './provider-view.tsx';
import { RequestHead } from './request-head.tsx';
import { RequestList } from './request-list.tsx';
import { isTab, TABS, type Tab, TabList } from './tabs.tsx';
import { Timeline } from './timeline.tsx';

export type XrayPaneProps = WorldProps & {
  selected: RequestSummary | null;
  detail: RequestDetail | null;
  onPick: (id: string) => void;
  personas: readonly PersonaShown[];
  /** The tab that the tour wants to show, null where it wants none. */
  tab: Tab | null;
};

export function XrayPane(props: XrayPaneProps) {
  const { overview, now, selected, detail, onPick, personas } = props;
  const [tab, setTab] = useState<Tab>('timeline');
  useEffect(() => {
    if (props.tab !== null) setTab(props.tab);
  }, [props.tab]);
  const zone = overview?.zone ?? 'UTC';
  return (
    <>
      <h2 className="visually-hidden">X-ray</h2>
      <RequestList
        requests={overview?.requests ?? []}
        selected={selected?.id ?? null}
        zone={zone}
        onPick={onPick}
      />
      {detail ? (
        <>
          <RequestHead detail={detail} now={now} zone={zone} />
          <TabList tab={tab} onTab={(next) => isTab(next) && setTab(next)} />
          {TABS.filter(({ id }) => id === tab).map(({ id }) => (
            <div
              key={id}
              className="tab-panel"
              role="tabpanel"
              id={`panel-${id}`}
              aria-labelledby={`tab-${id}`}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling panel is reached by keyboard (ARIA tabs pattern)
              tabIndex={0}
              data-tour-target={id}
            >
              {id === 'timeline' && <Timeline entries={detail.timeline} zone={zone} />}
              {id === 'provider' && <ProviderView detail={detail} />}
              {id === 'journal' && <JournalView detail={detail} />}
              {id === 'payloads' && <PayloadView summary={detail.summary} zone={zone} />}
            </div>
          ))}
        </>
      ) : (
        <Nothing loading={overview === null || selected !== null} />
      )}
      <Phones personas={personas} now={now} />
    </>
  );
}

function Nothing({ loading }: { loading: boolean }) {
  if (loading) return <p className="pane-body muted">Reading the journal …</p>;
  return (
    <div className="pane-body nothing">
      <p className="nothing-title">Nothing has been asked for yet</p>
      <p className="muted">
        Be Ana on the left and type <code>/request-access</code>. Everything that Hallpass writes,
        calls and reads back for it appears here as it happens.
      </p>
    </div>
  );
}
