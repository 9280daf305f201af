/** Making, changing, opening and filling in journeys. */
import type { Done } from '../commands/execute.ts';
import { saveJourneyDraft, submitJourney } from '../journeys/fill-journey.ts';
import {
  archiveJourney,
  createJourney,
  disableJourney,
  enableJourney,
  rotateJourneySecret,
  unarchiveJourney,
  updateJourney,
  type JourneyWithSecret,
} from '../journeys/journeys.ts';
import { closeJourneySession } from '../journeys/close-session.ts';
import { openJourney } from '../journeys/open-journey.ts';
import type { ApiTypes } from './builder.ts';
import { inputKey } from './ids.ts';
import { givenContent, JourneyContentInput, JourneyKindEnum, newContent } from './journey-content.ts';
import { defineMutation } from './mutation.ts';
import { JourneyRef, JourneySessionRef, JourneySubmissionRef, TaskRef } from './refs.ts';

type PayloadBuilder<T> = PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<T>>;

function journeyField(t: PayloadBuilder<string>, description: string) {
  return t.field({
    type: JourneyRef,
    nullable: true,
    description,
    resolve: ({ value }, _args, { loaders }) => loaders.journeys.load(value),
  });
}

function journeyAndSecret(t: PayloadBuilder<JourneyWithSecret>, description: string) {
  return {
    journey: t.field({
      type: JourneyRef,
      nullable: true,
      description,
      resolve: ({ value: { id } }, _args, { loaders }) => loaders.journeys.load(id),
    }),
    secret: t.string({
      nullable: true,
      description:
        'Of a LINK: the secret with which its form signs what it brings back, `whsec_…`. It is not shown again. Null for a FORM, and if the request was repeated and the journey has another one by now.',
      resolve: ({ value: { secret } }) => secret,
    }),
  };
}

const EXPECTED_VERSION = 'Refuses if the journey has another version by now.';

defineMutation('createJourney', {
  description: 'Makes an enabled journey. Needs the role designer.',
  input: (t) => ({
    kind: t.field({ type: JourneyKindEnum, required: true, description: 'Where it is filled in.' }),
    content: t.field({ type: JourneyContentInput, required: true, description: 'What it says.' }),
    idempotencyKey: t.string({
      description: 'Makes a repeated request answer the first one’s journey, 1 to 200 characters.',
    }),
  }),
  problems: ['IDEMPOTENCY_CONFLICT'],
  run: ({ kind, content, idempotencyKey }, context) =>
    createJourney(context, {
      content: newContent(kind, content),
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  payload: (t) => journeyAndSecret(t, 'The new journey.'),
});

defineMutation('updateJourney', {
  description:
    'Changes a journey. Sessions that are open go on as they were opened. One that becomes public gets a permanent link; one that is public no more loses it for good. Needs the role designer.',
  input: (t) => ({
    journeyId: t.id({ required: true, description: 'The journey.' }),
    content: t.field({
      type: JourneyContentInput,
      required: true,
      description: 'What it says from now on; what is left out stays.',
    }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ journeyId, content, expectedVersion }, context) =>
    updateJourney(context, {
      journeyId: inputKey('journeyId', 'Journey', journeyId),
      content: givenContent(content),
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({ journey: journeyField(t, 'The journey as it is now.') }),
});

function defineChange(
  name: 'enableJourney' | 'disableJourney' | 'archiveJourney' | 'unarchiveJourney',
  description: string,
  command: typeof enableJourney,
): void {
  defineMutation(name, {
    description: `${description} Needs the role designer.`,
    input: (t) => ({
      journeyId: t.id({ required: true, description: 'The journey.' }),
      expectedVersion: t.int({ description: EXPECTED_VERSION }),
    }),
    problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
    run: ({ journeyId, expectedVersion }, context) =>
      command(context, {
        journeyId: inputKey('journeyId', 'Journey', journeyId),
        expectedVersion: expectedVersion ?? undefined,
      }),
    payload: (t) => ({ journey: journeyField(t, 'The journey as it is now.') }),
  });
}

defineChange('enableJourney', 'Lets a journey be opened again.', enableJourney);
defineChange(
  'disableJourney',
  'Keeps a journey from being opened; sessions that are open go on.',
  disableJourney,
);
defineChange(
  'archiveJourney',
  'Puts a journey away: in no list unless asked for, not to be opened or changed, or named by what is published from now on. Sessions that are open go on.',
  archiveJourney,
);
defineChange('unarchiveJourney', 'Takes a journey back from the archive.', unarchiveJourney);

defineMutation('rotateJourneySecret', {
  description:
    'Gives a journey of kind LINK a new secret. For a while what is signed with the old one is taken, too. Needs the role designer.',
  input: (t) => ({
    journeyId: t.id({ required: true, description: 'The journey.' }),
    expiresInHours: t.int({
      description: 'For how long the old secret is good, too: 0 to 168; 24 if left out.',
    }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ journeyId, expiresInHours, expectedVersion }, context) =>
    rotateJourneySecret(context, {
      journeyId: inputKey('journeyId', 'Journey', journeyId),
      expiresInHours: expiresInHours ?? undefined,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => journeyAndSecret(t, 'The journey as it is now.'),
});

defineMutation('openJourney', {
  description:
    'Opens a journey for somebody to fill in, who needs no account: the answered address is all. That of a task, for those who may complete it and while it can be worked on; without a task it needs the role member.',
  input: (t) => ({
    taskId: t.id({ description: 'The task whose journey it is.' }),
    journeyId: t.id({ description: 'Without a task: which journey.' }),
    entityId: t.id({ description: 'Without a task: the entity that it is about; none if left out.' }),
    expiresInHours: t.int({
      description: 'For how long it can be used, 1 to 8,760; as the journey says if left out.',
    }),
  }),
  problems: [
    'NOT_FOUND',
    'TASK_BLOCKED',
    'COMMAND_NOT_ALLOWED',
    'EXECUTION_NOT_OPEN',
    'JOURNEY_NOT_OPENABLE',
    'JOURNEY_NOT_MAPPABLE',
  ],
  run: ({ taskId, journeyId, entityId, expiresInHours }, context) =>
    openJourney(context, {
      taskId: typeof taskId === 'string' ? inputKey('taskId', 'Task', taskId) : null,
      journeyId: typeof journeyId === 'string' ? inputKey('journeyId', 'Journey', journeyId) : null,
      entityId: typeof entityId === 'string' ? inputKey('entityId', 'Entity', entityId) : null,
      expiresInHours: expiresInHours ?? undefined,
    }),
  payload: (t) => ({
    session: t.field({
      type: JourneySessionRef,
      nullable: true,
      description: 'The session.',
      resolve: ({ value }, _args, { loaders }) => loaders.journeySessions.load(value.sessionId),
    }),
    url: t.string({
      description:
        'Where it is filled in. Whoever has this address can do so, so give it to nobody else. It is not shown again.',
      resolve: ({ value }, _args, { settings }) => `${settings.publicUrl()}/journeys/${value.token}`,
    }),
  }),
});

const DATA = 'What is filled in: a JSON object of at most 256 KiB.';

defineMutation('saveJourneyDraft', {
  description:
    'Keeps what is filled in so far, whether or not it is right. For those who may complete the task of the session; without a task it needs the role member.',
  input: (t) => ({
    sessionId: t.id({ required: true, description: 'The session.' }),
    data: t.field({ type: 'JSON', required: true, description: DATA }),
  }),
  problems: ['NOT_FOUND', 'JOURNEY_SESSION_NOT_OPEN'],
  run: ({ sessionId, data }, context) =>
    saveJourneyDraft(context, { sessionId: inputKey('sessionId', 'JourneySession', sessionId), data }),
  payload: (t) => ({
    session: t.field({
      type: JourneySessionRef,
      nullable: true,
      description: 'The session as it is now.',
      resolve: ({ value }, _args, { loaders }) => loaders.journeySessions.load(value),
    }),
  }),
});

defineMutation('submitJourney', {
  description:
    'Submits what is filled in: it is validated, kept, written into the entity as the journey says, and completes the task if that is so configured; all of it or nothing. Once for each session. For those who may complete the task of the session; without a task it needs the role member.',
  input: (t) => ({
    sessionId: t.id({ required: true, description: 'The session.' }),
    data: t.field({ type: 'JSON', required: true, description: DATA }),
  }),
  problems: [
    'NOT_FOUND',
    'JOURNEY_SESSION_NOT_OPEN',
    'JOURNEY_DATA_INVALID',
    'JOURNEY_NOT_MAPPABLE',
    'TASK_BLOCKED',
    'COMMAND_NOT_ALLOWED',
    'EXECUTION_NOT_OPEN',
  ],
  run: ({ sessionId, data }, context) =>
    submitJourney(context, { sessionId: inputKey('sessionId', 'JourneySession', sessionId), data }),
  payload: (t) => ({
    submission: t.field({
      type: JourneySubmissionRef,
      nullable: true,
      description: 'What was submitted.',
      resolve: ({ value }, _args, { loaders }) => loaders.journeySubmissions.load(value),
    }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description: 'The task that it belongs to, as it is now; null for none.',
      resolve: async ({ value }, _args, { loaders }) => {
        const submission = await loaders.journeySubmissions.load(value);
        return submission?.taskId ? loaders.tasks.load(submission.taskId) : null;
      },
    }),
  }),
});

defineMutation('closeJourneySession', {
  description:
    'Takes back what was opened for somebody: its address answers that the form is not needed any more, and it is never open again. The task can be opened anew. For those who may complete the task of the session; without a task it needs the role member.',
  input: (t) => ({
    sessionId: t.id({ required: true, description: 'The session.' }),
    expectedVersion: t.int({ description: 'Refuses if the session has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'JOURNEY_SESSION_NOT_OPEN'],
  run: ({ sessionId, expectedVersion }, context) =>
    closeJourneySession(context, {
      sessionId: inputKey('sessionId', 'JourneySession', sessionId),
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    session: t.field({
      type: JourneySessionRef,
      nullable: true,
      description: 'The session as it is now.',
      resolve: ({ value }, _args, { loaders }) => loaders.journeySessions.load(value),
    }),
  }),
});
