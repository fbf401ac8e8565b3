/** The people at their Slack. */
export type SlackPaneProps = {
  /** Slack id of the person whose screen is shown. */
  persona: string;
  onPersona: (slack: string) => void;
  /** The local clock, which can be pushed. */
  now: Date;
};

export function SlackPane({ persona }: SlackPaneProps) {
  return <div className="pane-body">Slack as {persona} sees it</div>;
}
