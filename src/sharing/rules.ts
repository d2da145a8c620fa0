import { forbidden, invalid } from '../platform/errors.ts'
import { isAllowed, type Permission, type Role } from '../platform/auth/permissions.ts'
import type { MemberScope } from '../platform/scope.ts'
import { sayProblem } from '../platform/input-problems.ts'
import type { Shareable } from '../platform/rooms/shareable.ts'
import type { Grants, Read } from './schemas.ts'

export interface Viewer {
  userId: string
  role: Role
}
interface SharedWith {
  sharedBy: string
  people: readonly string[]
  forStakeholders: boolean
}

/** Who may ask its analyses may open the view: it holds nothing they could not ask. Others only what was shared with them. */
export const maySee = (
  view: SharedWith,
  { analyses }: Pick<Shareable, 'analyses'>,
  { userId, role, may: mayDo }: Viewer & Pick<MemberScope, 'may'>,
): boolean =>
  analyses.every(({ may }) => mayDo(may as Permission)) ||
  view.people.includes(userId) ||
  (view.forStakeholders && role === 'stakeholder')

/** The one who shared it, and those who run the data. */
export const mayChange = (view: SharedWith, { userId, role }: Viewer): boolean =>
  isAllowed(role, 'insights:curate') && (view.sharedBy === userId || isAllowed(role, 'insights:edit'))

/** @throws invalid where the page is none that can be shared, or asks for something else than its own analyses */
export function checkReads(
  shareables: readonly Shareable[],
  path: string,
  reads: readonly Read[],
): { shareable: Shareable; reads: Read[] } {
  const shareable = shareables.find((s) => s.path === path)
  if (!shareable) throw invalid(`“path”: the page ${path} cannot be shared.`)
  const parsed = shareable.analyses.map((analysis): Read => {
    const read = reads.find((r) => r.operation === analysis.name)
    const result = analysis.input.safeParse(read?.input)
    if (!read || !result.success)
      throw invalid(
        read && result.error
          ? `“reads”: what ${path} asks does not fit. ${sayProblem(result.error.issues[0]!, read.input)}`
          : `“reads”: ${path} asks ${analysis.name}, which is missing.`,
      )
    return { operation: analysis.name, input: result.data as Read['input'] }
  })
  if (reads.length !== parsed.length)
    throw invalid(`“reads”: ${path} asks ${shareable.analyses.map((a) => a.name).join(' and ')}, and nothing else.`)
  return { shareable, reads: parsed }
}

/** The sharer’s own right bounds what can be granted. @throws forbidden */
export function checkGrants(grants: Grants, role: Role): void {
  if (grants.accounts && !isAllowed(role, 'insights:accounts'))
    throw forbidden('Your role sees no accounts, so it cannot grant them.')
}

const withheld = {
  accounts: 'The accounts behind the figures were not shared with this view. Ask who shared it.',
  export: 'Tables of this view were not shared for export. Ask who shared it.',
}
/** @throws forbidden where the view does not grant it; it holds for whoever opens the view, by whatever face */
export function needGrant(grants: Grants, what: keyof typeof withheld): void {
  if (!grants[what]) throw forbidden(withheld[what])
}

type Row = Readonly<Record<string, unknown>>
const saysWho: ReadonlySet<string> = new Set(['accountId', 'account', 'name'])

/**
 * Rows that keep only what says nothing of who it is. A number stands for the account: the same in all its rows, by where the
 * list first names it.
 * @param plainFields what may stay
 * @param before the rows of the list before these
 */
export function nameless(
  plainFields: ReadonlySet<string>,
  rows: readonly Row[],
  before: readonly Row[],
): Record<string, unknown>[] {
  const numbers = new Map<unknown, number>()
  for (const { accountId } of [...before, ...rows])
    if (!numbers.has(accountId)) numbers.set(accountId, numbers.size + 1)
  const plain = (row: Row, key: string, value: unknown) => {
    if (plainFields.has(key)) return value
    if (saysWho.has(key)) return `Account ${numbers.get(row['accountId'])}`
    return Array.isArray(value) ? [] : null
  }
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(row, key, value)])))
}
