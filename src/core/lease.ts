/** What only one process may do at a time, agreed on in our database. */
export interface Leases {
  /**
   * Takes a lease that is free or has run out, or renews one's own.
   * @param ms how long it holds without being renewed
   * @returns its token, which grows with every change of holder; null while somebody else holds it
   */
  hold(name: string, ms: number): Promise<number | null>;
  /** Gives up one's own. */
  release(name: string): Promise<void>;
}
