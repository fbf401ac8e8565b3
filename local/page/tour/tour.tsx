/** The tour's strip: seven steps, the one that is on in words. Never in the way: nothing is covered or blocked. */
import { STEPS } from './steps.ts';
import type { TourView } from './use-tour.ts';

export function Tour({ tour }: { tour: TourView }) {
  const { step, number, ready, finished, goOn, skip, begin } = tour;
  return (
    <section className="tour" aria-label="Guided tour">
      <ol className="tour-steps">
        {STEPS.map(({ id, title }, index) => (
          <li
            key={id}
            className={index + 1 < number || finished ? 'tour-done' : ''}
            aria-current={index + 1 === number && !finished ? 'step' : undefined}
          >
            <span className="tour-number" aria-hidden="true">
              {index + 1 < number || finished ? '✓' : index + 1}
            </span>
            {title}
          </li>
        ))}
      </ol>
      <div className="tour-body">
        <p className="tour-text" role="status">
          <strong>
            {number} of {STEPS.length} · {step.title}.
          </strong>{' '}
          {step.text
            .split('`')
            .map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))}
        </p>
        {finished ? (
          <button type="button" className="button" onClick={begin}>
            Again
          </button>
        ) : (
          step.reading && (
            <button type="button" className="button primary" disabled={!ready} onClick={goOn}>
              {ready ? (number === STEPS.length ? 'Finish' : 'Continue') : 'Waiting …'}
            </button>
          )
        )}
        <button type="button" className="button" onClick={skip}>
          {finished ? 'Close' : 'Skip the tour'}
        </button>
      </div>
    </section>
  );
}
