/** Takes secrets out of text. One instance serves the whole process, so that a secret learnt at run time is known to every log. */
export interface Redactor {
  readonly redact: (text: string) => string;
  /** From now on this very value is taken out as well. */
  readonly learn: (secret: string) => void;
}

const mark = '‹redacted›';
/** Shorter values would take ordinary words out of the log. */
const shortestSecret = 4;

interface Rule {
  readonly pattern: RegExp;
  readonly replace: string;
}

/** Order matters: whole blocks first, then the forms that carry a key, then bare tokens. */
const rules: readonly Rule[] = [
  {
    pattern: /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g,
    replace: `-----BEGIN $1-----${mark}-----END $1-----`,
  },
  // A database's address; its password may hold anything that people paste unescaped, up to the last @.
  { pattern: /\b((?:postgres(?:ql)?|mysql|redis|mongodb|amqp)s?:\/\/[^\s:@/]*):[^\s"'<>]*@/gi, replace: `$1:${mark}@` },
  // scheme://user:password@host; the password runs to the last @ before the path.
  { pattern: /\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s/]*@/gi, replace: `$1:${mark}@` },
  // "password": "…" in JSON, with escapes, also where the quotes are themselves escaped.
  {
    pattern:
      /(\\?"[\w.-]*(?:passw(?:or)?d|passwd|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key|authorization)[\w.-]*\\?"\s*:\s*)(\\?")(?:\\[^"]|\\"(?!\s*[,}\]])|[^"\\])*\\?"/gi,
    replace: `$1$2${mark}$2`,
  },
  // password='…' and PGPASSWORD=… in connection strings, environments and query strings.
  {
    pattern:
      /\b((?:[\w-]*(?:passw(?:or)?d|passwd|pwd|secret[_-]?(?:access[_-]?)?key|secret|session[_-]?token|security[_-]?token|access[_-]?token|api[_-]?key))\s*=\s*)(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\s;&,'")]+)/gi,
    replace: `$1${mark}`,
  },
  // password: … as YAML and messages write it.
  { pattern: /\b(passw(?:or)?d|secret|session[_-]?token)(:\s+)(?!‹)\S+/gi, replace: `$1$2${mark}` },
  { pattern: /\b(Bearer|Basic)\s+[A-Za-z0-9\-._~+/]{8,}=*/g, replace: `$1 ${mark}` },
  { pattern: /\b(X-Amz-(?:Signature|Security-Token|Credential)=)[^\s&"']+/gi, replace: `$1${mark}` },
  { pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, replace: mark },
  // IAM database tokens and session tokens begin so, in base64.
  { pattern: /\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9+/=]{20,}/g, replace: mark },
  // A secret access key: forty characters of base64 alone, with upper, lower and digit in it.
  {
    pattern:
      /(?<![A-Za-z0-9+/=_.-])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_.-])/g,
    replace: mark,
  },
];

export function createRedactor(): Redactor {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];
  return {
    learn(secret) {
      if (secret.length < shortestSecret) return;
      // As it stands, as a URL carries it, and as JSON carries it.
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) known.add(form);
      longestFirst = [...known].sort((a, b) => b.length - a.length);
    },
    redact(text) {
      let clean = text;
      for (const secret of longestFirst) clean = clean.replaceAll(secret, mark);
      for (const { pattern, replace } of rules) clean = clean.replace(pattern, replace);
      return clean;
    },
  };
}
