/** Which account of the book an id of another system may be: by web domain, by name, by a name nearly the same. A person decides. */
export interface BookAccount {
  extId: string
  name: string | null
  domain: string | null
}
export interface Stranger {
  extId: string
  name: string | null
  domain: string | null
}
export interface MatchProposal {
  accountExtId: string
  accountName: string | null
  method: 'domain' | 'name'
  confidence: number
  why: string
}

const legalForms = new Set([
  'inc',
  'incorporated',
  'ltd',
  'limited',
  'llc',
  'llp',
  'plc',
  'gmbh',
  'ag',
  'kg',
  'ug',
  'se',
  'sa',
  'sas',
  'sarl',
  'srl',
  'spa',
  'bv',
  'nv',
  'ab',
  'as',
  'asa',
  'oy',
  'oyj',
  'aps',
  'corp',
  'corporation',
  'co',
  'company',
  'group',
  'holding',
  'holdings',
  'the',
  'mbh',
  'pty',
  'kft',
  'doo',
])
/** Addresses that many companies share say nothing. */
const sharedDomains = new Set([
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'yahoo.com',
  'icloud.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  'proton.me',
  'protonmail.com',
  'aol.com',
  'live.com',
  'qq.com',
])

/** `Müller & Söhne GmbH` → `muller sohne`. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word && !legalForms.has(word))
    .join(' ')

export const plainDomain = (text: string): string | null => {
  const domain = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/^www\./, '')
    .replace(/[/?#:].*$/, '')
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain) && !sharedDomains.has(domain) ? domain : null
}

/** Dice's coefficient over pairs of letters, 0 to 1 (Dice 1945). */
export function similarity(a: string, b: string): number {
  if (a === b) return 1
  const pairs = (text: string) => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2))
  const left = pairs(a)
  const right = pairs(b)
  if (left.length + right.length === 0) return 0
  const counts = new Map<string, number>()
  for (const pair of left) counts.set(pair, (counts.get(pair) ?? 0) + 1)
  let common = 0
  for (const pair of right) {
    const n = counts.get(pair) ?? 0
    if (n > 0) {
      common += 1
      counts.set(pair, n - 1)
    }
  }
  return (2 * common) / (left.length + right.length)
}

const nearEnough = 0.8

/** Builds the book's indexes once; proposals come best first, at most three. */
export function accountMatcher(book: readonly BookAccount[]): (stranger: Stranger) => MatchProposal[] {
  const byDomain = groupBy(book, (a) => (a.domain ? plainDomain(a.domain) : null))
  const byName = groupBy(book, (a) => (a.name ? plainName(a.name) : null))
  const byStart = groupBy(book, (a) => (a.name ? plainName(a.name).slice(0, 3) || null : null))
  return (stranger) => {
    const found = new Map<string, MatchProposal>()
    const add = (account: BookAccount, method: 'domain' | 'name', confidence: number, why: string) => {
      const known = found.get(account.extId)
      if (known)
        found.set(account.extId, {
          ...known,
          confidence: Math.min(0.99, Math.max(known.confidence, confidence) + 0.04),
          why: `${known.why}; ${why.charAt(0).toLowerCase()}${why.slice(1)}`,
        })
      else found.set(account.extId, { accountExtId: account.extId, accountName: account.name, method, confidence, why })
    }
    const domain = plainDomain(stranger.domain ?? stranger.extId)
    const sharing = domain ? (byDomain.get(domain) ?? []) : []
    for (const account of sharing)
      add(
        account,
        'domain',
        sharing.length === 1 ? 0.95 : 0.95 / sharing.length,
        sharing.length === 1 ? `Same domain, ${domain}` : `One of ${sharing.length} accounts with the domain ${domain}`,
      )
    const name = plainName(stranger.name ?? stranger.extId)
    const namesakes = name ? (byName.get(name) ?? []) : []
    for (const account of namesakes)
      add(
        account,
        'name',
        namesakes.length === 1 ? 0.85 : 0.85 / namesakes.length,
        namesakes.length === 1 ? 'Same name' : `One of ${namesakes.length} accounts of this name`,
      )
    if (found.size === 0 && name.length >= 4) {
      for (const account of byStart.get(name.slice(0, 3)) ?? []) {
        const near = similarity(name, plainName(account.name!))
        if (near >= nearEnough) add(account, 'name', near * 0.7, `Nearly the same name, “${account.name}”`)
      }
    }
    return [...found.values()].sort((a, b) => b.confidence - a.confidence).slice(0, 3)
  }
}

function groupBy(
  book: readonly BookAccount[],
  key: (account: BookAccount) => string | null,
): Map<string, BookAccount[]> {
  const groups = new Map<string, BookAccount[]>()
  for (const account of book) {
    const k = key(account)
    if (k) groups.set(k, [...(groups.get(k) ?? []), account])
  }
  return groups
}
