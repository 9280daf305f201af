/** What people see of an e-mail. */

export interface ParsedMail {
  /** By lower-case name, decoded and on one line; of several with one name, the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** The part that is plain text; null: there is none. */
  readonly text: string | null;
  readonly html: string | null;
}

/** Reads messages as nodemailer writes them: text, HTML, or both as alternatives. */
export function parseMail(raw: string): ParsedMail {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1];
  const parts =
    boundary === undefined ? [{ headers, body }] : body.split(`--${boundary}`).slice(1, -1).map(split);
  const ofType = (type: string) => {
    const part = parts.find((one) => (one.headers['content-type'] ?? 'text/plain').startsWith(type));
    return part === undefined ? null : decodeBody(part.body, part.headers['content-transfer-encoding']);
  };
  return { headers, text: ofType('text/plain'), html: ofType('text/html') };
}

function split(raw: string): { headers: Record<string, string>; body: string } {
  const normal = raw.replace(/\r\n/g, '\n').replace(/^\n/, '');
  const [head = '', ...rest] = normal.split('\n\n');
  const lines = head.replace(/\n[ \t]+/g, ' ').split('\n');
  const headers = lines.map((line) => {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    return [name.toLowerCase(), decodeWords(value)];
  });
  return {
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: rest.join('\n\n').replace(/\n$/, ''),
  };
}

function decodeBody(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  return encoding === 'quoted-printable' ? decodeHex(body.replace(/=\n/g, '')) : body;
}

/** Words that are not ASCII (RFC 2047): `=?UTF-8?Q?=C3=BC?=`. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString()
        : decodeHex(word.replace(/_/g, ' ')),
    );
}

/** `=C3=BC` */
function decodeHex(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
