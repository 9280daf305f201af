/** The page of a journey: its form while it is open, and otherwise what became of it. */
import Markdown from 'markdown-to-jsx';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { JourneyForm } from './form.tsx';
import { readSession, type Session } from './session.ts';
import { textsFor, type Texts } from './texts.ts';

type State =
  | { readonly type: 'LOADING' }
  | { readonly type: 'FAILED' }
  | { readonly type: 'UNKNOWN' }
  | { readonly type: 'READ'; readonly session: Session };

/** What looks like HTML is text. */
const TEXT_ONLY = { disableParsingRawHTML: true };

interface JourneyPageProps {
  /** The page's own path, which ends with the token. */
  readonly base: string;
}

function Done({ texts, status }: { readonly texts: Texts; readonly status: keyof Texts['done'] }): ReactNode {
  const [title, text] = texts.done[status];
  return (
    <section className="done" role="status">
      <h2>{title}</h2>
      <p>{text}</p>
    </section>
  );
}

function Content({
  base,
  session,
  texts,
  onOver,
}: JourneyPageProps & {
  readonly session: Session;
  readonly texts: Texts;
  readonly onOver: () => void;
}): ReactNode {
  if (session.status !== 'OPEN') return <Done texts={texts} status={session.status} />;
  if (session.kind === 'FORM')
    return <JourneyForm base={base} session={session} texts={texts} onOver={onOver} />;
  return (
    <a className="submit" href={session.url} rel="noreferrer">
      {texts.continueThere}
    </a>
  );
}

/** The whole page. Before the organization's language is known, it speaks the browser's. */
export function JourneyPage({ base }: JourneyPageProps): ReactNode {
  const [state, setState] = useState<State>({ type: 'LOADING' });
  const read = useCallback(async () => {
    try {
      const session = await readSession(base);
      setState(session ? { type: 'READ', session } : { type: 'UNKNOWN' });
    } catch {
      setState({ type: 'FAILED' });
    }
  }, [base]);
  useEffect(() => void read(), [read]);
  const session = state.type === 'READ' ? state.session : null;
  const locale = session?.locale ?? navigator.language;
  const texts = textsFor(locale);
  useEffect(() => {
    document.documentElement.lang = locale.startsWith('de') ? 'de' : 'en';
    if (session) document.title = `${session.name} · ${session.organization}`;
  }, [session, locale]);

  return (
    <main>
      {session ? (
        <header>
          <p className="organization">{session.organization}</p>
          <h1>{session.name}</h1>
          {session.description === null ? null : (
            <div className="description">
              <Markdown options={TEXT_ONLY}>{session.description}</Markdown>
            </div>
          )}
        </header>
      ) : null}
      {state.type === 'LOADING' ? <p role="status">{texts.loading}</p> : null}
      {state.type === 'UNKNOWN' ? <Done texts={texts} status="UNKNOWN" /> : null}
      {state.type === 'FAILED' ? (
        <section className="notice" role="alert">
          <p>{texts.failed}</p>
          <button type="button" className="submit" onClick={() => void read()}>
            {texts.retry}
          </button>
        </section>
      ) : null}
      {session ? <Content base={base} session={session} texts={texts} onOver={() => void read()} /> : null}
    </main>
  );
}
