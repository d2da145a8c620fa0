/** What a page behind a link asks the server: operations that a link may call, with its token in a header. */
import type { z } from 'zod'
import type { ErrorCode } from '../../src/platform/errors.ts'

export class CallError extends Error {
  readonly code: ErrorCode
  /** What is wrong with the link itself, if that is it. */
  readonly link: 'expired' | 'used' | 'unknown' | null
  constructor(code: ErrorCode, message: string, link: CallError['link'] = null) {
    super(message)
    this.name = 'CallError'
    this.code = code
    this.link = link
  }
}

interface Operation {
  input: z.ZodType
  output: z.ZodType
}

export const tokenOf = (path: string): string => /^\/l\/([\w-]+)/.exec(path)?.[1] ?? ''

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new CallError('unavailable', 'The server cannot be reached. Try again in a moment.')
  })
  if (response.ok) return (await response.json()) as T
  const body = (await response.json().catch(() => null)) as {
    error?: { code: ErrorCode; message: string; details?: { link?: CallError['link'] } }
    message?: string
  } | null
  throw new CallError(
    body?.error?.code ?? 'outside',
    body?.error?.message ?? body?.message ?? `The server answered ${response.status}. Try again.`,
    body?.error?.details?.link ?? null,
  )
}

/** A read changes nothing, so that whatever looks at a link before its reader uses nothing of it up. */
export const readByLink = <O extends Operation>(
  name: string,
  input: z.input<O['input']>,
): Promise<z.output<O['output']>> =>
  send(`/api/${name}?input=${encodeURIComponent(JSON.stringify(input))}`, {
    headers: { 'x-throughline-link': tokenOf(window.location.pathname) },
  })

export const writeByLink = <O extends Operation>(
  name: string,
  input: z.input<O['input']>,
): Promise<z.output<O['output']>> =>
  send(`/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-throughline-link': tokenOf(window.location.pathname) },
    body: JSON.stringify(input),
  })

const post = <T>(path: string, body: object): Promise<T> =>
  send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/** @returns whether a second step is asked before they are signed in */
export const signIn = async (email: string, password: string): Promise<boolean> =>
  (await post<{ twoFactorRedirect?: boolean }>('/api/auth/sign-in/email', { email, password })).twoFactorRedirect ===
  true

export const postCode = (path: string, body: object): Promise<unknown> => post(path, body)
