/** Signing in and out, by a password or by the sign-on provider; hand-written, because they set the session's cookie. */
import type { Context, Hono } from 'hono'
import type { Services } from '../../platform/services.ts'
import type { Env } from './security.ts'

/** Only a path of our own is gone to after signing in: also once its dots are worked out, `/.//` begins another host. */
const ownPath = (text: string | undefined): string =>
  text && /^\/(?!\/)[^\\\p{Cc}]*$/u.test(text) && !new URL(text, 'http://localhost').pathname.startsWith('//')
    ? text
    : '/'

export function mountSignIn(app: Hono<Env>, { signIn }: Services): void {
  const asked = (c: Context<Env>) => {
    const headers = new Headers(c.req.raw.headers)
    headers.set('x-throughline-client', c.get('client'))
    return new Request(c.req.raw, { headers })
  }
  app.get('/api/auth/sign-on', async (c) => {
    const to = ownPath(c.req.query('to'))
    // A link elsewhere opens no session by itself: the person presses the button.
    if (c.req.header('sec-fetch-site') === 'cross-site') return c.redirect(`/sign-in?${new URLSearchParams({ to })}`)
    return signIn.startSignOn(asked(c).headers, to)
  })
  app.get('/api/auth/callback/oidc', (c) => signIn.finishSignOn(asked(c)))
  app.all('/api/auth/*', (c) => signIn.handle(asked(c)))
}
