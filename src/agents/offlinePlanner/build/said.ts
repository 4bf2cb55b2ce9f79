/** Words of the prompt at their place. */
export interface Said {
  readonly text: string;
  readonly offset: number;
}
