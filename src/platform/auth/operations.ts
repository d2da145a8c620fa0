import { z } from 'zod'
import { forbidden, invalid, precondition } from '../errors.ts'
import { notifySessionsEnded } from '../live/queries.ts'
import { operation } from '../operation.ts'
import { deviceIn } from './devices.ts'
import { deleteSession, deleteSessions, listSessions, removeSecondStep, waysOf } from './queries.ts'
import { longestSessionDays } from './sign-in.ts'
import { providerId } from './single-sign-on.ts'

export const getSignInWays = operation({
  name: 'session.ways',
  summary: 'By which ways people sign in here',
  kind: 'read',
  may: 'public',
  command: false,
  input: z.object({}),
  output: z.object({
    passwords: z.boolean(),
    resetByMail: z.boolean(),
    provider: z.object({ name: z.string() }).nullable(),
  }),
  example: () => ({}),
  run: ({ services }) => Promise.resolve(services.signIn.ways),
})

export const getAccount = operation({
  name: 'account.get',
  summary: 'How one signs in oneself, and where one is signed in',
  kind: 'read',
  may: 'signed-in',
  command: false,
  input: z.object({}),
  output: z.object({
    name: z.string(),
    email: z.string(),
    hasPassword: z.boolean(),
    hasSecondStep: z.boolean(),
    provider: z.object({ name: z.string(), isTied: z.boolean() }).nullable(),
    sessions: z.array(
      z.object({
        id: z.string(),
        device: z.string().nullable(),
        address: z.string().nullable(),
        signedInAt: z.string(),
        /** To the hour: a session is moved on no more often. */
        lastUsedAt: z.string(),
        isThis: z.boolean(),
      }),
    ),
  }),
  example: () => ({}),
  async run({ db, actor, services, now }) {
    const { providers, hasSecondStep } = await waysOf(db, actor.userId)
    const since = new Date(now().getTime() - longestSessionDays * 86_400_000)
    const sessions = await listSessions(db, actor.userId, since, new Date())
    const { passwords, provider } = services.signIn.ways
    return {
      name: actor.name,
      email: actor.email,
      hasPassword: passwords && providers.includes('credential'),
      hasSecondStep,
      provider: provider ? { name: provider.name, isTied: providers.includes(providerId) } : null,
      sessions: sessions.map((s) => ({
        id: s.id,
        device: deviceIn(s.userAgent ?? ''),
        address: s.ipAddress || null,
        signedInAt: s.createdAt.toISOString(),
        lastUsedAt: s.updatedAt.toISOString(),
        isThis: s.id === actor.sessionId,
      })),
    }
  },
})

export const endSession = operation({
  name: 'account.endSession',
  summary: 'Sign out one device of one’s own',
  kind: 'write',
  may: 'signed-in',
  command: false,
  input: z.object({ id: z.string().max(64) }),
  output: z.object({ ended: z.boolean().describe('false where it had ended already') }),
  example: () => ({ id: 'none' }),
  target: (input) => input.id,
  async run({ db, actor }, { id }) {
    const ended = await deleteSession(db, actor.userId, id)
    await notifySessionsEnded(db, actor.userId)
    return { ended }
  },
})

export const endOtherSessions = operation({
  name: 'account.endOtherSessions',
  summary: 'Sign out everywhere but here',
  kind: 'write',
  may: 'signed-in',
  command: 'account sign-out-everywhere',
  input: z.object({}),
  output: z.object({ ended: z.int() }),
  example: () => ({}),
  target: (_, output) => (output ? `${output.ended} sessions` : null),
  async run({ db, actor }) {
    const ended = await deleteSessions(db, actor.userId, actor.sessionId ?? null)
    await notifySessionsEnded(db, actor.userId)
    return { ended }
  },
})

export const makeResetLink = operation({
  name: 'account.resetLink',
  summary: 'Make a link by which a person chooses a new password, where no mail can bring it',
  kind: 'write',
  may: 'owner',
  command: 'account reset-link',
  input: z.object({ email: z.email().max(254) }),
  output: z.object({ link: z.string(), expiresAt: z.string() }),
  example: () => ({ email: 'nobody@example.com' }),
  target: (input) => input.email,
  // The library keeps the link's hash with its own means, which is nothing to do while our transaction is open.
  async prepare({ services, actor }, { email }) {
    if (!services.signIn.ways.passwords)
      throw precondition('Passwords are turned off here. Start the server without THROUGHLINE_PASSWORDS=off first.')
    const person = await services.signIn.findByEmail(email)
    if (!person) throw invalid(`There is nobody with the e-mail ${email} in this installation.`)
    // A stolen session must not choose the owner's password anew.
    if (person.userId === actor.userId && !actor.mayReadPaths)
      throw forbidden(
        'Your own password is changed on your page with the one that you have, or by the command line on the server.',
      )
    return services.signIn.resetLink(person.userId)
  },
  run: (_context, _input, { link, expiresAt }) => Promise.resolve({ link, expiresAt: expiresAt.toISOString() }),
})

export const signOutPerson = operation({
  name: 'account.signOutPerson',
  summary: 'Sign a person out everywhere, as when a device is stolen or somebody leaves',
  kind: 'write',
  may: 'owner',
  command: 'account sign-out',
  input: z.object({ email: z.email().max(254) }),
  output: z.object({ ended: z.int() }),
  example: () => ({ email: 'nobody@example.com' }),
  target: (input) => input.email,
  prepare: ({ services }, { email }) => services.signIn.findByEmail(email),
  async run({ db }, { email }, person) {
    if (!person) throw invalid(`There is nobody with the e-mail ${email} in this installation.`)
    const ended = await deleteSessions(db, person.userId, null)
    await notifySessionsEnded(db, person.userId)
    return { ended }
  },
})

export const takeSecondStepOff = operation({
  name: 'account.removeSecondStep',
  summary: 'Turn a person’s second step off, who has lost the device and the recovery codes',
  kind: 'write',
  may: 'owner',
  command: 'account remove-second-step',
  input: z.object({ email: z.email().max(254) }),
  output: z.object({}),
  example: () => ({ email: 'nobody@example.com' }),
  target: (input) => input.email,
  prepare: ({ services }, { email }) => services.signIn.findByEmail(email),
  async run({ db, actor }, { email }, person) {
    if (!person) throw invalid(`There is nobody with the e-mail ${email} in this installation.`)
    // A stolen session must not take its own second step away.
    if (person.userId === actor.userId && !actor.mayReadPaths)
      throw forbidden(
        'Your own second step is turned off on your page with your password, or by the command line on the server.',
      )
    if (!(await removeSecondStep(db, person.userId))) throw precondition(`${email} has no second step.`)
    await deleteSessions(db, person.userId, null)
    await notifySessionsEnded(db, person.userId)
    return {}
  },
})
