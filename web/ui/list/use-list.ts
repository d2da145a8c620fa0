/** What a list shows: its state is in the address, its columns are remembered, and the rest follows from both. */
import {
  columnFilteringFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowSelectionState,
} from '@tanstack/react-table'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useSharedFrame } from '../../api.ts'
import { useAddress } from '../address.ts'
import { compare, grouped, isFound, isIn, nextSort, sortFrom, sortText, type ListColumn, type Only } from './columns.ts'
import type { Pages } from './pages.ts'
import { useColumnChoice } from './remembered.ts'

const features = tableFeatures({
  columnFilteringFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  globalFilteringFeature,
  rowSelectionFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
})
type Features = typeof features

export interface ListState {
  sort?: string
  find?: string
  group?: string
  only?: Record<string, string[]>
}
export const listKeys = ['sort', 'find', 'group', 'only'] as const
/** Beyond this what is sorted and found is said to be of these alone. */
const mostGathered = 2000
const isTextRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

export interface ListOptions<T> {
  name: string
  columns: readonly ListColumn<T>[]
  pages: Pages<T>
  keyOf: (row: T) => string
  initialGroup?: string
  isPlain?: boolean
}
export type ListModel<T extends object> = ReturnType<typeof useList<T>>

export function useList<T extends object>({
  name,
  columns: given,
  pages,
  keyOf,
  initialGroup,
  isPlain = false,
}: ListOptions<T>) {
  const shared = useSharedFrame()
  const hidesWho = shared !== null && !shared.hasNames
  const columns = useMemo(() => (hidesWho ? given.filter((c) => !c.isWho) : given), [given, hidesWho])
  const [held, set] = useAddress<ListState>({
    sort: (v) => typeof v === 'string',
    find: (v) => typeof v === 'string' || typeof v === 'number',
    group: (v) => typeof v === 'string',
    only: isTextRecord,
  })
  const state: ListState = isPlain ? {} : held
  const [choice, setChoice] = useColumnChoice(name)
  const [selected, setSelected] = useState<RowSelectionState>({})
  const find = String(state.find ?? '')
  const sought = useDeferredValue(find.trim())
  const sort = sortFrom(state.sort)
  const only: Only = state.only ?? {}
  const groupKey = state.group === 'none' ? undefined : (state.group ?? initialGroup)
  const isNarrowed = sought !== '' || Object.values(only).some((values) => values.length > 0)

  // Only the whole of it can be sorted, found in and grouped.
  const { hasMore, isLoadingMore, more } = pages
  const isGathering =
    (isNarrowed || sort !== null || groupKey !== undefined) && hasMore && pages.rows.length < mostGathered
  useEffect(() => {
    if (isGathering && !isLoadingMore) more()
  }, [isGathering, isLoadingMore, more])

  const defs = useMemo(
    () =>
      columns.map((c): ColumnDef<Features, T, unknown> => ({
        id: c.key,
        header: c.title,
        accessorFn: (row: T) => c.by?.(row) ?? undefined,
        sortUndefined: 'last',
        enableSorting: c.by !== undefined,
        sortFn: (a, b, key) => compare(a.getValue(key) as string, b.getValue(key) as string),
        size: c.width ?? 140,
        minSize: 64,
        maxSize: 900,
      })),
    [columns],
  )
  const table = useTable<Features, T>({
    features,
    columns: defs,
    data: pages.rows,
    getRowId: keyOf,
    columnResizeMode: 'onChange',
    globalFilterFn: (row) => isFound(row.original, columns, sought) && isIn(row.original, columns, only),
    getColumnCanGlobalFilter: (column) => column.id === columns[0]?.key,
    state: {
      sorting: sort && columns.some((c) => c.key === sort.key) ? [{ id: sort.key, desc: sort.isDown }] : [],
      globalFilter: isNarrowed ? `${sought} ${JSON.stringify(only)}` : '',
      rowSelection: selected,
      columnVisibility: Object.fromEntries(columns.map((c) => [c.key, choice.shown[c.key] ?? c.isHidden !== true])),
      columnSizing: choice.widths,
    },
    onRowSelectionChange: (updater) => setSelected(updater instanceof Function ? updater : () => updater),
    onColumnSizingChange: (updater) =>
      setChoice({ ...choice, widths: updater instanceof Function ? updater(choice.widths) : updater }),
  })
  const rows = table.getRowModel().rows
  const group = columns.find((c) => c.key === groupKey && c.choice)
  const shown = rows.map((r) => r.original)
  return {
    name,
    columns,
    table,
    rows,
    groups: group ? grouped(rows, (r) => group.choice!(r.original)) : null,
    group,
    sort,
    find,
    only,
    isNarrowed,
    isGathering,
    isPartOfAll: !isGathering && hasMore && (isNarrowed || sort !== null || group !== undefined),
    choice,
    shownKeys: shown.map(keyOf),
    selectedRows: rows.filter((r) => selected[r.id]).map((r) => r.original),
    isSelected: (id: string) => selected[id] === true,
    select: (id: string, is: boolean) =>
      setSelected(({ [id]: _, ...others }) => (is ? { ...others, [id]: true } : others)),
    selectAll: (is: boolean) => setSelected(is ? Object.fromEntries(rows.map((r) => [r.id, true as const])) : {}),
    sortBy: (column: ListColumn<T>) => set({ sort: sortText(nextSort(sort, column)) }),
    setFind: (text: string) => set({ find: text === '' ? undefined : text }),
    setGroup: (key: string | null) => set({ group: key ?? (initialGroup === undefined ? undefined : 'none') }),
    setOnly: (key: string, values: string[]) => {
      const next = Object.fromEntries(Object.entries({ ...only, [key]: values }).filter(([, v]) => v.length > 0))
      set({ only: Object.keys(next).length > 0 ? (next as Record<string, string[]>) : undefined })
    },
    widenAll: () => set({ find: undefined, only: undefined }),
    show: (key: string, is: boolean) => setChoice({ ...choice, shown: { ...choice.shown, [key]: is } }),
    resize: (key: string, width: number) =>
      setChoice({ ...choice, widths: { ...choice.widths, [key]: Math.min(900, Math.max(64, width)) } }),
    setChoice,
  }
}
