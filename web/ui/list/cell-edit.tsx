/** A cell that becomes a field: Enter or a choice saves, Escape leaves it as it was. */
import { Select, TextInput } from '@mantine/core'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import type { CellEdit } from './columns.ts'

export function EditableCell<T>({
  row,
  title,
  edit,
  children,
}: {
  row: T
  title: string
  edit: CellEdit<T>
  children: ReactNode
}) {
  const [value, setValue] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const close = () => {
    setValue(null)
    setProblem(null)
  }
  const save = async (next: string) => {
    if (next === edit.value(row)) return close()
    setValue(next)
    try {
      await edit.save(row, next)
      close()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'This could not be saved.')
    }
  }
  if (!edit.may(row)) return <>{children}</>
  if (value === null)
    return (
      <button
        type="button"
        className="cell-edit"
        title={`Change: ${title}`}
        onClick={(event) => {
          event.stopPropagation()
          setValue(edit.value(row))
        }}
      >
        <span className="visually-hidden">Change {title}: </span>
        {children}
      </button>
    )
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape') close()
    if (event.key === 'Enter' && !edit.options) {
      event.preventDefault()
      void save(value.trim())
    }
  }
  const common = { size: 'xs' as const, 'aria-label': title, error: problem, autoFocus: true, onKeyDown }
  return (
    <div className="cell-field" onClick={(event) => event.stopPropagation()} role="presentation">
      {edit.options ? (
        <Select
          {...common}
          data={[...edit.options]}
          value={value}
          searchable
          defaultDropdownOpened
          allowDeselect={false}
          onChange={(next) => next !== null && void save(next)}
          onDropdownClose={() => problem === null && close()}
        />
      ) : (
        <TextInput
          {...common}
          value={value}
          maxLength={edit.maxLength}
          onChange={(event) => setValue(event.currentTarget.value)}
          onBlur={() => void save(value.trim())}
        />
      )}
    </div>
  )
}
