/** The layer over the Slack pane in which dialogs stand; the rest of the page, with its codes and clock, stays in reach. */
const ID = 'slack-overlay';

export const OverlayRoot = () => <div id={ID} />;

export function overlayRoot(): HTMLElement {
  const root = document.getElementById(ID);
  if (root === null) throw new Error('The Slack pane has no layer for dialogs.');
  return root;
}
