/** What happens behind Slack: requests, their events, the journal's rows, the provider before and now. */
export function XrayPane() {
  return (
    <div className="pane-body">
      <h2 className="pane-title">X-ray</h2>
      <p className="muted">Nothing has been asked for yet.</p>
    </div>
  );
}
