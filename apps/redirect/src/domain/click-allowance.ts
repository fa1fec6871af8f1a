/** The clicks that a link with `maxClicks` has left. */
export interface ClickAllowance {
  /** Takes one; false when there is none left. */
  spend(linkId: number): Promise<boolean>;
  /** Takes none. */
  hasLeft(linkId: number): Promise<boolean>;
}
