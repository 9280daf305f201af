/** The page of a journey: its form while it is open, and otherwise what became of it. */
import Markdown from 'markdown-to-jsx';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { JourneyForm } from './form.tsx';
import { readSession, type Reading, type Session } from './session.ts';
import { failureText, textsFor, type Texts } from './texts.ts';

/** What looks like HTML is text. */
const TEXT_ONLY = { disableParsingRawHTML: true };

interface JourneyPageProps {
  /** The page's own path, which ends with the token. */
  readonly base: string;
}

interface DoneProps {
  readonly texts: Texts;
  readonly status: keyof Texts['done'];
  /** It is what became of the reader's own doing. */
  readonly isNews?: boolean;
  readonly Heading?: 'h1' | 'h2';
}

function Done({ texts, status, isNews = false, Heading = 'h2' }: DoneProps): ReactNode {
  const [title, text] = texts.done[status];
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isNews) heading.current?.focus();
  }, [isNews]);
  return (
    <section className="done">
      <Heading tabIndex={-1} ref={heading}>
        {title}
      </Heading>
      <p>{text}</p>
    </section>
  );
}

function Content({
  base,
  session,
  texts,
  isNews,
  onOver,
}: JourneyPageProps & {
  readonly session: Session;
  readonly texts: Texts;
  readonly isNews: boolean;
  readonly onOver: () => void;
}): ReactNode {
  if (session.status !== 'OPEN') return <Done texts={texts} status={session.status} isNews={isNews} />;
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
  const [state, setState] = useState<Reading | { readonly type: 'LOADING' }>({ type: 'LOADING' });
  const [isNews, setNews] = useState(false);
  const read = useCallback(async () => {
    setState(await readSession(base));
  }, [base]);
  const reread = useCallback(() => {
    setNews(true);
    void read();
  }, [read]);
  useEffect(() => void read(), [read]);
  const session = state.type === 'READ' ? state.session : null;
  const texts = textsFor(session?.locale ?? navigator.language);
  useEffect(() => {
    document.documentElement.lang = texts.language;
    if (session) document.title = `${session.name} · ${session.organization}`;
  }, [session, texts]);

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
      {state.type === 'UNKNOWN' ? <Done texts={texts} status="UNKNOWN" Heading="h1" /> : null}
      {state.type === 'FAILED' ? (
        <section className="notice" role="alert">
          <p>{failureText(state.failure, texts)}</p>
          <button type="button" className="submit" onClick={() => void read()}>
            {texts.retry}
          </button>
        </section>
      ) : null}
      {session ? (
        <Content base={base} session={session} texts={texts} isNews={isNews} onOver={reread} />
      ) : null}
    </main>
  );
}
