/** The bar above both panes: what this is, the clock and its buttons, what is around, the faults, the tour, light or dark. */
import type { Overview, PersonaShown } from '../xray/shapes.ts';
import { AroundMenu } from './around/around-menu.tsx';
import { ClockControl } from './clock/clock-control.tsx';
import { FaultMenu } from './faults/fault-menu.tsx';
import { ThemeToggle } from './theme/theme-toggle.tsx';
import type { TourView } from './tour/use-tour.ts';

export type WorldProps = {
  overview: Overview | null;
  /** The local clock. */
  now: Date;
  /** Asks the server at once. */
  refresh: () => void;
};

type TopBarProps = WorldProps & { tour: TourView; personas: readonly PersonaShown[] };

export function TopBar({ tour, personas, ...world }: TopBarProps) {
  return (
    <header className="top-bar">
      <h1 className="brand">
        <img src="/page/icon.svg" alt="" width="26" height="26" /> Hallpass
        <span className="brand-note">on this machine</span>
      </h1>
      <ClockControl {...world} />
      <AroundMenu personas={personas} refresh={world.refresh} />
      <FaultMenu {...world} />
      <button
        type="button"
        className="button on-brand"
        aria-pressed={tour.shown}
        onClick={tour.shown ? tour.skip : tour.begin}
      >
        Tour
      </button>
      <ThemeToggle />
    </header>
  );
}
