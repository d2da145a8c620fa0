/** The one OpenID provider of the installation, as the operator names it, in the words of the sign-in library. */
import type { GenericOAuthConfig } from 'better-auth/plugins/generic-oauth'
import type { GroupRole } from './group-roles.ts'

export interface SingleSignOn {
  /** On the button. */
  name: string
  issuer: string
  clientId: string
  clientSecret: string | null
  scopes: string[]
  groupsClaim: string
  roles: GroupRole[]
  /** Whether an unknown person whose groups give a role joins without an invitation. */
  joinsByGroup: boolean
  /** For providers that never say whether an address is verified, because all of theirs are. */
  trustsEmail: boolean
}

export const providerId = 'oidc'
const answerWithinMs = 10_000
/** Some providers end theirs with a slash. */
const bare = (address: string): string => address.replace(/\/+$/, '')

interface Discovery {
  userinfo_endpoint?: string
}

export const discoveryOf = (issuer: string): string => `${bare(issuer)}/.well-known/openid-configuration`

export function providerOptions(provider: SingleSignOn): GenericOAuthConfig {
  return {
    providerId,
    name: provider.name,
    discoveryUrl: discoveryOf(provider.issuer),
    clientId: provider.clientId,
    ...(provider.clientSecret ? { clientSecret: provider.clientSecret } : { tokenEndpointAuth: { method: 'none' } }),
    scopes: provider.scopes,
    pkce: true,
    requireIdTokenVerification: true,
    // Its signature, issuer, audience, time and nonce were checked before this is called.
    getUserInfo: async ({ idToken, accessToken }) => {
      if (!idToken) return null
      const claims = claimsOf(idToken)
      // The library takes the issuer that the document of the address names; it has to be the one the operator named.
      if (bare(String(claims['iss'])) !== bare(provider.issuer)) return null
      const profile: Record<string, unknown> = { ...(await userInfo(provider, accessToken, claims['sub'])), ...claims }
      const email = profile['email']
      if (typeof claims['sub'] !== 'string' || typeof email !== 'string') return null
      return {
        ...profile,
        id: claims['sub'],
        sub: claims['sub'],
        email: email.trim().toLowerCase(),
        emailVerified:
          provider.trustsEmail || profile['email_verified'] === true || profile['email_verified'] === 'true',
        name: nameIn(profile, email),
      }
    },
  }
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>

/** Many providers put groups and even the address there alone. What it says of somebody else is left. */
async function userInfo(
  { issuer }: SingleSignOn,
  accessToken: string | undefined,
  subject: unknown,
): Promise<Record<string, unknown>> {
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(answerWithinMs) })
    return response.ok && /json/.test(response.headers.get('content-type') ?? '')
      ? ((await response.json()) as Record<string, unknown>)
      : {}
  }
  const { userinfo_endpoint: endpoint } = (await get(discoveryOf(issuer))) as Discovery
  if (!endpoint || !accessToken) return {}
  const told = await get(endpoint, { authorization: `Bearer ${accessToken}` })
  return told['sub'] === subject ? told : {}
}

function nameIn(profile: Record<string, unknown>, email: string): string {
  const told = profile['name'] ?? [profile['given_name'], profile['family_name']].filter(Boolean).join(' ')
  return (typeof told === 'string' && told.trim() !== '' ? told.trim() : email.split('@')[0]!).slice(0, 80)
}

/** Why a sign-on ended without a session, as the sign-in page names it. */
export type SignOnProblem =
  | 'not-invited'
  | 'address-not-verified'
  | 'address-of-another'
  | 'too-many-groups'
  | 'provider-away'
  | 'too-often'
  | 'failed'

/** @param code as the library puts it into the address that it sends back to */
export function problemOf(code: string): SignOnProblem {
  const ours: SignOnProblem[] = ['not-invited', 'address-not-verified', 'address-of-another', 'too-many-groups']
  return ours.find((one) => one === code) ?? (code === 'account_not_linked' ? 'address-not-verified' : 'failed')
}
