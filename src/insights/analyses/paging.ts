/** A list by pages: a cursor is the number of rows before the page. */
import { z } from 'zod'

/** What is exported is read by pages of this size: each costs as much as the whole list does, whatever it holds. */
export const largestPage = 10_000

export const Paging = z.object({
  cursor: z.string().optional(),
  limit: z.int().min(1).max(largestPage).default(50),
})

type Asked = z.output<typeof Paging>

/** How many rows come before the page that is asked for; the first page where the cursor is none of ours. */
export const offsetOf = ({ cursor }: Asked): number =>
  cursor !== undefined && /^\d{1,9}$/.test(cursor) ? Number(cursor) : 0

/** The cursor of the page after this one, if there is one. */
export const cursorAfter = (asked: Asked, total: number): string | null =>
  offsetOf(asked) + asked.limit < total ? String(offsetOf(asked) + asked.limit) : null

export const pageOf = <T>(
  rows: readonly T[],
  asked: Asked,
): { rows: T[]; nextCursor: string | null; total: number } => ({
  rows: rows.slice(offsetOf(asked), offsetOf(asked) + asked.limit),
  nextCursor: cursorAfter(asked, rows.length),
  total: rows.length,
})
