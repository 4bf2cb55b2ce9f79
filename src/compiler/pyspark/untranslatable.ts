/** Carries a mistake from where it is found to `compile`, which turns it into a problem; it goes no further. */
export class Untranslatable extends Error {
  readonly code: string;
  /** The step's own name; the target where it is left out. */
  readonly step?: string;

  constructor(code: string, message: string, step?: string) {
    super(message);
    this.code = code;
    if (step !== undefined) this.step = step;
  }
}
