/** Somebody acts on what is not (or no longer) there, or may not: no client of Slack's would send it. */
export class NotOnScreen extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotOnScreen';
  }
}
