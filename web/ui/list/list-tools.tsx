/** Above a list: what is looked for, what is filtered, how it is shown, the views that were named, and its ways out. */
import { Button, Checkbox, Menu, MultiSelect, Popover, Radio, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type ReactNode, type RefObject } from 'react'
import type { InputOf, ReadName } from '../../api.ts'
import { CopyLink } from '../copy-link.tsx'
import { CsvButton } from '../csv-button.tsx'
import { choicesOf } from './columns.ts'
import { useSavedViews, type SavedView } from './remembered.ts'
import { listKeys, type ListModel } from './use-list.ts'

interface ToolsProps<T extends object> {
  isPlain: boolean
  list: ListModel<T>
  label: string
  rows: readonly T[]
  findField: RefObject<HTMLInputElement | null>
  filters: ReactNode
  filterKeys: readonly string[]
  csv: { operation: ReadName; input: InputOf<ReadName> } | undefined
  isEmpty: boolean
  actions: ReactNode
}

export function ListTools<T extends object>({
  isPlain,
  list,
  label,
  rows,
  findField,
  filters,
  filterKeys,
  csv,
  isEmpty,
  actions,
}: ToolsProps<T>) {
  if (isPlain)
    return csv && !isEmpty ? (
      <div className="list-tools">
        <CsvButton operation={csv.operation} input={csv.input} />
      </div>
    ) : null
  return (
    <div className="list-tools" role="group" aria-label={`How ${label.toLowerCase()} are shown`}>
      {isEmpty && !list.isNarrowed ? null : (
        <TextInput
          ref={findField}
          size="xs"
          className="list-find"
          aria-label={`Find in ${label.toLowerCase()}`}
          aria-keyshortcuts="/"
          placeholder="Find  /"
          value={list.find}
          onChange={(event) => list.setFind(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            list.setFind('')
            event.currentTarget.blur()
          }}
        />
      )}
      {filters}
      <span className="list-tools-end">
        {isEmpty ? null : (
          <>
            <Filters list={list} rows={rows} />
            <Display list={list} />
            <Views list={list} filterKeys={filterKeys} />
          </>
        )}
        <CopyLink />
        {csv ? <CsvButton operation={csv.operation} input={csv.input} /> : null}
        {actions}
      </span>
    </div>
  )
}

function Filters<T extends object>({ list, rows }: { list: ListModel<T>; rows: readonly T[] }) {
  const columns = list.columns.filter((c) => c.choice)
  const chosen = Object.values(list.only).filter((v) => v.length > 0).length
  if (columns.length === 0) return null
  return (
    <Popover position="bottom-end" width={260} trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-xs" variant={chosen > 0 ? 'light' : 'default'}>
          {chosen > 0 ? `Filter (${chosen})` : 'Filter'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="list-panel">
          {columns.map((c) => (
            <MultiSelect
              key={c.key}
              size="xs"
              label={c.title}
              placeholder={list.only[c.key]?.length ? undefined : 'all'}
              data={choicesOf(rows, c)}
              value={[...(list.only[c.key] ?? [])]}
              onChange={(values) => list.setOnly(c.key, values)}
              comboboxProps={{ withinPortal: false }}
              searchable
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function Display<T extends object>({ list }: { list: ListModel<T> }) {
  const groups = list.columns.filter((c) => c.choice)
  const isShown = (key: string) => list.table.getColumn(key)?.getIsVisible() ?? false
  return (
    <Popover position="bottom-end" width={240} trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-xs" variant="default">
          Display
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="list-panel">
          <fieldset>
            <legend>Columns</legend>
            {list.columns.map((c, i) => (
              <Checkbox
                key={c.key}
                size="xs"
                label={c.title}
                checked={isShown(c.key)}
                disabled={i === 0}
                onChange={(event) => list.show(c.key, event.currentTarget.checked)}
              />
            ))}
          </fieldset>
          {groups.length > 0 ? (
            <Radio.Group
              label="Group by"
              size="xs"
              value={list.group?.key ?? ''}
              onChange={(key) => list.setGroup(key === '' ? null : key)}
            >
              <Radio size="xs" value="" label="nothing" />
              {groups.map((c) => (
                <Radio key={c.key} size="xs" value={c.key} label={c.title} />
              ))}
            </Radio.Group>
          ) : null}
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              list.setChoice({ shown: {}, widths: {} })
              list.setGroup(null)
            }}
          >
            As it comes
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** A view is what the address says of the list and its filters, and the columns. */
function Views<T extends object>({ list, filterKeys }: { list: ListModel<T>; filterKeys: readonly string[] }) {
  const [views, setViews] = useSavedViews(list.name)
  const [name, setName] = useState('')
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const keys: readonly string[] = [...listKeys, ...filterKeys]
  const apply = (view: SavedView) => {
    list.setChoice(view.columns)
    const others = Object.fromEntries(Object.entries(search).filter(([key]) => !keys.includes(key)))
    void navigate({ to: '.', search: { ...others, ...view.search }, resetScroll: false } as never)
  }
  const save = () => {
    const kept = Object.fromEntries(Object.entries(search).filter(([key]) => keys.includes(key)))
    const view = { name: name.trim(), search: kept, columns: list.choice }
    setViews([...views.filter((v) => v.name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name)))
    setName('')
  }
  return (
    <Menu position="bottom-end" width={240} returnFocus>
      <Menu.Target>
        <Button size="compact-xs" variant="default">
          Views
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {views.map((view) => (
          <div key={view.name} className="list-view">
            <Menu.Item onClick={() => apply(view)}>{view.name}</Menu.Item>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Forget the view ${view.name}`}
              onClick={() => setViews(views.filter((v) => v !== view))}
            >
              ✕
            </Button>
          </div>
        ))}
        <form
          className="list-view-new"
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim()) save()
          }}
        >
          <TextInput
            size="xs"
            aria-label="Name of this view"
            placeholder="Keep this view as"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.stopPropagation()}
          />
          <Button size="compact-xs" type="submit" disabled={name.trim() === ''}>
            Keep
          </Button>
        </form>
      </Menu.Dropdown>
    </Menu>
  )
}
