/** An open form: what is filled in is saved as a draft by itself, and submitted by the button. */
import Form, { type IChangeEvent } from '@rjsf/core/lib/components/Form.js';
import type { ErrorSchema } from '@rjsf/utils';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { errorSchema } from './errors.ts';
import { saveDraft, submit, type FormData, type Reply, type Session } from './session.ts';
import { translator, type Texts } from './texts.ts';
import { validator } from './validator.ts';

/** How long nothing has to change until a draft is saved. In ms. */
const QUIET_MS = 800;

type OpenForm = Extract<Session, { status: 'OPEN'; kind: 'FORM' }>;
type Saving = 'UNTOUCHED' | 'CHANGED' | 'SAVING' | 'SAVED' | 'NOT_SAVED';

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
  const latest = useRef(data);
  const isDirty = useRef(false);
  useEffect(() => {
    latest.current = data;
  }, [data]);
  const isSaving = useRef(false);
  const save = useCallback(async () => {
    // One at a time, so that an older draft never overtakes a newer one.
    if (isSaving.current) return;
    isSaving.current = true;
    let reply: Reply = { type: 'DONE' };
    // What is typed while a draft is on its way is in the next one.
    while (isDirty.current && reply.type === 'DONE') {
      isDirty.current = false;
      setSaving('SAVING');
      reply = await saveDraft(base, latest.current);
      if (reply.type === 'DONE') setSaving('SAVED');
    }
    isSaving.current = false;
    if (reply.type === 'DONE') return;
    if (reply.type === 'OVER') {
      onOver();
      return;
    }
    isDirty.current = true;
    setSaving('NOT_SAVED');
  }, [base, onOver]);
  useEffect(() => {
    if (saving !== 'CHANGED') return;
    const timer = setTimeout(() => void save(), QUIET_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [saving, data, save]);
  useEffect(() => {
    const leave = (): void => {
      if (document.visibilityState === 'hidden') void save();
    };
    document.addEventListener('visibilitychange', leave);
    return () => {
      document.removeEventListener('visibilitychange', leave);
    };
  }, [save]);
  return {
    saving,
    touch: () => {
      isDirty.current = true;
      setSaving('CHANGED');
    },
    /** What is submitted needs no draft any more. */
    drop: () => {
      isDirty.current = false;
      setSaving('UNTOUCHED');
    },
  };
}

function savingText(saving: Saving, texts: Texts): string {
  switch (saving) {
    case 'UNTOUCHED':
    case 'CHANGED':
      return '';
    case 'SAVING':
      return texts.saving;
    case 'SAVED':
      return texts.saved;
    case 'NOT_SAVED':
      return texts.notSaved;
  }
}

/** The form of an open session. */
export function JourneyForm({ base, session, texts, onOver }: JourneyFormProps): ReactNode {
  const [data, setData] = useState(session.data);
  const [errors, setErrors] = useState<ErrorSchema>({});
  const [notice, setNotice] = useState<string | null>(null);
  const [isSubmitting, setSubmitting] = useState(false);
  const draft = useDraft(base, data, onOver);
  const noticeAt = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    noticeAt.current?.focus();
  }, [notice]);

  function change({ formData }: IChangeEvent): void {
    setData(formData as FormData);
    draft.touch();
  }

  async function send({ formData }: IChangeEvent): Promise<void> {
    setSubmitting(true);
    setNotice(null);
    const reply = await submit(base, formData as FormData);
    setSubmitting(false);
    setErrors(reply.type === 'INVALID' ? errorSchema(reply.errors, texts) : {});
    switch (reply.type) {
      case 'DONE':
      case 'OVER':
        draft.drop();
        onOver();
        break;
      case 'INVALID':
        setNotice(texts.pleaseCorrect);
        break;
      case 'BLOCKED':
        setNotice(texts.blocked);
        break;
      case 'FAILED':
        setNotice(texts.failed);
    }
  }

  return (
    <>
      {notice === null ? null : (
        <p className="notice" role="alert" tabIndex={-1} ref={noticeAt}>
          {notice}
        </p>
      )}
      <Form
        schema={session.schema}
        {...(session.uiSchema && { uiSchema: session.uiSchema })}
        formData={data}
        validator={validator}
        extraErrors={errors}
        showErrorList={false}
        disabled={isSubmitting}
        onChange={change}
        onSubmit={(event) => void send(event)}
        idPrefix="field"
        translateString={translator(texts)}
      >
        <button type="submit" className="submit" disabled={isSubmitting}>
          {isSubmitting ? texts.submitting : texts.submit}
        </button>
        <p className="saving" role="status">
          {savingText(draft.saving, texts)}
        </p>
      </Form>
    </>
  );
}
