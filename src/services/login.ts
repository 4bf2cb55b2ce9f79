export interface Login {
  readonly user: string;
  /** Left out where there is none: the server may not want one. */
  readonly password?: string;
}

/** Who logs in, asked anew for each socket: a token that was signed an hour ago is of no use to a socket opened now. */
export interface LoginSource {
  login(): Promise<Login>;
  /** After a refusal: reads anew what may have changed, and says whether there is another login to try. */
  renew(): Promise<boolean>;
}
