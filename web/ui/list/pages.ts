/** A list that the server hands over page by page, gathered into one as one goes on. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useAsk, useWorkspace, type ApiError, type InputOf, type OutputOf, type ReadName } from '../../api.ts'

/** The reads that answer with rows, and perhaps with where the next begin. */
export type ListName = { [N in ReadName]: OutputOf<N> extends { rows: readonly unknown[] } ? N : never }[ReadName]
export type RowOf<N extends ListName> = OutputOf<N> extends { rows: readonly (infer R)[] } ? R : never

export interface Pages<T, First = unknown> {
  rows: readonly T[]
  /** What the first page says beside its rows. */
  first: First | undefined
  error: ApiError | null
  isPending: boolean
  hasMore: boolean
  isLoadingMore: boolean
  more: () => void
  refetch: () => void
}

interface Page {
  rows: readonly unknown[]
  nextCursor?: string | null
}
const none: readonly never[] = []

export function usePages<N extends ListName>(
  name: N,
  input: InputOf<N>,
  options: { enabled?: boolean } = {},
): Pages<RowOf<N>, OutputOf<N>> {
  const workspace = useWorkspace()
  const ask = useAsk()
  const query = useInfiniteQuery<Page, ApiError, { pages: Page[] }, readonly unknown[], string | null>({
    queryKey: [workspace, name, input, 'pages'],
    queryFn: async ({ pageParam }) =>
      (await ask(name, {
        ...(input as object),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      } as InputOf<N>)) as Page,
    initialPageParam: null,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
  })
  const pages = query.data?.pages
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? none, [pages])
  return {
    rows: rows as readonly RowOf<N>[],
    first: pages?.[0] as OutputOf<N> | undefined,
    error: query.error,
    isPending: query.isPending,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    refetch: () => void query.refetch(),
  }
}
