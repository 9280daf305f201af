/** The setting `ALLOWED_ORIGINS`. */

/**
 * The origins of web pages that may read answers and open sockets. The server's own is always among them.
 *
 * - `any`: `*`, the default with authentication, because what counts is the token, which a browser never adds by itself.
 * - `own`: the default in demo mode, where the page of GraphiQL contains a token. `*` is refused there.
 * - else the origins of the list, as browsers send them: `https://app.example.com`.
 */
export type AllowedOrigins = 'any' | 'own' | readonly string[];

/** The origin as a browser sends it; null if it is none. Those of apps are taken as well, like `capacitor://localhost`. */
function originOf(text: string): string | null {
  if (!/^https?:/.test(text)) return /^[a-z][a-z\d+.-]*:\/\/[a-z\d.-]+(:\d+)?$/.test(text) ? text : null;
  if (!URL.canParse(text)) return null;
  const { href, origin } = new URL(text);
  return href === `${origin}/` ? origin : null;
}

/** Reads a list, separated by commas, or `*`; null if something in it is no origin. */
export function parseOrigins(list: string): AllowedOrigins | null {
  if (list.trim() === '*') return 'any';
  const origins = list.split(',').map((entry) => originOf(entry.trim().toLowerCase()));
  return origins.every((origin) => origin !== null) ? origins : null;
}
