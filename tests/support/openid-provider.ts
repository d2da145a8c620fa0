/** A real OpenID provider on loopback, at which the person of the test is signed in without a page. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import type { SingleSignOn } from '../../src/platform/auth/single-sign-on.ts'

export interface ProvidersPerson {
  sub: string
  email: string
  email_verified?: boolean
  name?: string
  groups?: string[]
}

export interface OpenIdProvider {
  settings: SingleSignOn
  /** Who is at the provider's page from now on. */
  person: (who: ProvidersPerson) => void
  /** Goes where the provider sends, as a browser does. @returns the address it sends back to */
  visit: (address: string) => Promise<string>
  close: () => Promise<void>
}

/** @param site where the product is reached, asked when the first visitor comes */
export async function openIdProvider(site: () => string): Promise<OpenIdProvider> {
  let who: ProvidersPerson = { sub: 'nobody', email: 'nobody@example.com' }
  let answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async () => undefined
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const open = () =>
    new Provider(issuer, {
      clients: [
        {
          client_id: 'throughline',
          client_secret: 'a secret that both know',
          redirect_uris: [`${site()}/api/auth/callback/oidc`],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      cookies: { keys: ['a key for tests only'] },
      features: { devInteractions: { enabled: false } },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
      pkce: { required: () => true },
      interactions: { url: (_ctx, { uid }) => `/sign-in-as/${uid}` },
      findAccount: () => ({ accountId: who.sub, claims: () => Promise.resolve({ ...who }) }),
      async loadExistingGrant(ctx) {
        const grant = new ctx.oidc.provider.Grant({ clientId: 'throughline', accountId: who.sub })
        grant.addOIDCScope('openid email profile groups')
        await grant.save()
        return grant
      },
    })
  let provider: Provider | null = null
  answer = async (request, response) => {
    provider ??= open()
    if (request.url?.startsWith('/sign-in-as/'))
      await provider.interactionFinished(request, response, { login: { accountId: who.sub } })
    else await provider.callback()(request, response)
  }
  return {
    settings: {
      name: 'Example ID',
      issuer,
      clientId: 'throughline',
      clientSecret: 'a secret that both know',
      scopes: ['openid', 'email', 'profile', 'groups'],
      groupsClaim: 'groups',
      roles: [],
      joinsByGroup: false,
      trustsEmail: false,
    },
    person(next) {
      who = next
    },
    async visit(address) {
      const here = new URL(site()).origin
      const cookies = new Map<string, string>()
      let at = address
      for (let hops = 0; new URL(at).origin !== here; hops += 1) {
        if (hops > 10) throw new Error(`the provider sends in circles: ${at}`)
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
        for (const set of response.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
          cookies.set(name!, value!)
        }
        const next = response.headers.get('location')
        if (!next) throw new Error(`the provider answered ${response.status}: ${await response.text()}`)
        at = new URL(next, at).href
      }
      return at
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
