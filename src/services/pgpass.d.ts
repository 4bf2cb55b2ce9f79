declare module 'pgpass' {
  interface Account {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
  }
  /** Reads PGPASSFILE or ~/.pgpass. */
  export default function pgpass(account: Account, found: (password: string | undefined) => void): void;
}
