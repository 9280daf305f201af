/** An open form: what is filled in is saved as a draft by itself, and submitted by the button. */
import Form, { type IChangeEvent } from '@rjsf/core/lib/components/Form.js';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { ChoiceTemplate } from './choice.tsx';
import { errorSchema, fieldName, ID_PREFIX, isShown, toldErrors } from './errors.ts';
import { completeMarkup, firstWrong } from './markup.ts';
import {
  saveDraft,
  submit,
  type DataError,
  type Failure,
  type FormData,
  type Reply,
  type Session,
} from './session.ts';
import { errorText, failureText, translator, type Texts } from './texts.ts';
import { validator } from './validator.ts';

/** How long nothing has to change until a draft is saved. In ms. */
const QUIET_MS = 800;

type OpenForm = Extract<Session, { status: 'OPEN'; kind: 'FORM' }>;
type Saving = 'UNTOUCHED' | 'CHANGED' | 'SAVING' | 'SAVED' | 'NOT_SAVED';
const NO_ERRORS: readonly DataError[] = [];
const TEMPLATES = { MultiSchemaFieldTemplate: ChoiceTemplate };

interface JourneyFormProps {
  readonly base: string;
  readonly session: OpenForm;
  readonly texts: Texts;
  /** It was submitted, or turned out to be over. */
  readonly onOver: () => void;
}

/** Saves what was changed once nothing changes any more for a while, and at once when the page is left. */
function useDraft(base: string, data: FormData, onOver: () => void) {
  const [saving, setSaving] = useState<Saving>('UNTOUCHED');
  const [failure, setFailure] = useState<Failure | null>(null);
  const latest = useRef(data);
  const isDirty = useRef(false);
  useEffect(() => {
    latest.current = data;
  }, [data]);
  const onItsWay = useRef<Promise<void> | null>(null);
  const isHeld = useRef(false);
  const saveAll = useCallback(async () => {
    let reply: Reply = { type: 'DONE' };
    // What is typed while a draft is on its way is in the next one.
    while (isDirty.current && !isHeld.current && reply.type === 'DONE') {
      isDirty.current = false;
      setSaving('SAVING');
      reply = await saveDraft(base, latest.current);
      if (reply.type === 'DONE') setSaving('SAVED');
    }
    if (reply.type === 'DONE') return;
    if (reply.type === 'OVER') {
      onOver();
      return;
    }
    isDirty.current = true;
    setFailure(reply.type === 'FAILED' ? reply.failure : null);
    setSaving('NOT_SAVED');
  }, [base, onOver]);
  const save = useCallback(() => {
    // One at a time, so that an older draft never overtakes a newer one.
    if (isHeld.current || onItsWay.current) return;
    onItsWay.current = saveAll().finally(() => {
      onItsWay.current = null;
    });
  }, [saveAll]);
  useEffect(() => {
    if (saving !== 'CHANGED') return;
    const timer = setTimeout(save, QUIET_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [saving, data, save]);
  useEffect(() => {
    const leave = (): void => {
      if (document.visibilityState !== 'hidden') return;
      // What is submitted may not get through any more.
      isHeld.current = false;
      save();
    };
    document.addEventListener('visibilitychange', leave);
    return () => {
      document.removeEventListener('visibilitychange', leave);
    };
  }, [save]);
  return {
    saving,
    /** Why it was not saved, if that is known. */
    failure,
    touch: () => {
      isDirty.current = true;
      setSaving('CHANGED');
    },
    /** Saves nothing until it is released; resolves when nothing is on its way: a draft must not come after what is submitted. */
    hold: async () => {
      isHeld.current = true;
      await onItsWay.current;
    },
    release: () => {
      isHeld.current = false;
      save();
    },
    /** What is submitted needs no draft any more. */
    drop: () => {
      isDirty.current = false;
      setSaving('UNTOUCHED');
    },
  };
}

function savingText(saving: Saving, failure: Failure | null, texts: Texts): string {
  switch (saving) {
    case 'UNTOUCHED':
    case 'CHANGED':
      return '';
    case 'SAVING':
      return texts.saving;
    case 'SAVED':
      return texts.saved;
    case 'NOT_SAVED':
      return failure === null ? texts.notSaved : `${texts.notSaved} ${failureText(failure, texts)}`;
  }
}

/** What is said above the form once it was not accepted; nothing after other replies. */
function noticeText(reply: Reply, texts: Texts): string | null {
  switch (reply.type) {
    case 'DONE':
    case 'OVER':
      return null;
    case 'INVALID':
      return toldErrors(reply.errors).some(isShown) ? texts.pleaseCorrect : texts.notAccepted;
    case 'BLOCKED':
      return texts.blocked;
    case 'FAILED':
      return failureText(reply.failure, texts);
  }
}

interface UnplacedProps {
  readonly errors: readonly DataError[];
  readonly session: OpenForm;
  readonly data: FormData;
  readonly texts: Texts;
}

/** The errors of fields that the form does not show, and of the whole. */
function Unplaced({ errors, session, data, texts }: UnplacedProps): ReactNode {
  if (errors.length === 0) return null;
  const said = errors.map((error) => {
    const name = fieldName(error.path, session.schema, data);
    return name === '' ? errorText(error, texts) : `${name}: ${errorText(error, texts)}`;
  });
  return (
    <ul>
      {[...new Set(said)].map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

/** The form of an open session. */
export function JourneyForm({ base, session, texts, onOver }: JourneyFormProps): ReactNode {
  const [data, setData] = useState(session.data);
  const [errors, setErrors] = useState(NO_ERRORS);
  const extraErrors = useMemo(
    () =>
      errorSchema(
        errors.filter(({ path }) => path !== ''),
        texts,
      ),
    [errors, texts],
  );
  const [notice, setNotice] = useState<string | null>(null);
  /** Those that are told above the form. */
  const [unplaced, setUnplaced] = useState(NO_ERRORS);
  const [isSubmitting, setSubmitting] = useState(false);
  const draft = useDraft(base, data, onOver);
  const noticeAt = useRef<HTMLDivElement>(null);
  const formAt = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (formAt.current) completeMarkup(formAt.current);
  });

  function change({ formData }: IChangeEvent): void {
    setData(formData as FormData);
    draft.touch();
  }

  async function send({ formData }: IChangeEvent): Promise<void> {
    setSubmitting(true);
    setNotice(null);
    setUnplaced(NO_ERRORS);
    await draft.hold();
    const reply = await submit(base, formData as FormData);
    const wrong = reply.type === 'INVALID' ? toldErrors(reply.errors) : NO_ERRORS;
    // Which errors have a place, the form tells once it has them.
    flushSync(() => {
      setSubmitting(false);
      setErrors(wrong);
    });
    const elsewhere = wrong.filter((error) => !isShown(error));
    flushSync(() => {
      setNotice(noticeText(reply, texts));
      setUnplaced(elsewhere);
    });
    if (reply.type === 'DONE' || reply.type === 'OVER') {
      draft.drop();
      onOver();
      return;
    }
    draft.release();
    const first = elsewhere.length === 0 && formAt.current ? firstWrong(formAt.current) : null;
    (first ?? noticeAt.current)?.focus();
  }

  return (
    <>
      {notice === null ? null : (
        <div className="notice" role="alert" tabIndex={-1} ref={noticeAt}>
          <p>{notice}</p>
          <Unplaced errors={unplaced} session={session} data={data} texts={texts} />
        </div>
      )}
      <div ref={formAt}>
        <Form
          schema={session.schema}
          {...(session.uiSchema && { uiSchema: session.uiSchema })}
          formData={data}
          validator={validator}
          extraErrors={extraErrors}
          showErrorList={false}
          disabled={isSubmitting}
          onChange={change}
          onSubmit={(event) => void send(event)}
          idPrefix={ID_PREFIX}
          templates={TEMPLATES}
          formContext={texts}
          translateString={translator(texts)}
        >
          <button type="submit" className="submit" disabled={isSubmitting}>
            {isSubmitting ? texts.submitting : texts.submit}
          </button>
          <p className="saving" role="status">
            {savingText(draft.saving, draft.failure, texts)}
          </p>
        </Form>
      </div>
    </>
  );
}
