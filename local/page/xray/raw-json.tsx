/** A value as it is stored, for those who want to see it. Scrolls sideways by keyboard too. */
export function RawJson({ value, label = 'As it is stored' }: { value: unknown; label?: string }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section className="json" tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
  );
}
