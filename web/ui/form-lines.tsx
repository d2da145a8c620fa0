/** The part of a form that holds any number of lines of one kind, each of which can be taken out. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import './form-lines.css'

export interface FormLinesProps<T> {
  legend: string
  note: ReactNode
  /** What one line is, as in “Add a rule” and “Remove rule 2”. */
  one: string
  lines: readonly T[]
  fresh: () => T
  onChange: (lines: T[]) => void
  children: (line: T, change: (some: Partial<T>) => void, place: number) => ReactNode
}

export function FormLines<T>({ legend, note, one, lines, fresh, onChange, children }: FormLinesProps<T>) {
  const change = (at: number) => (some: Partial<T>) =>
    onChange(lines.map((line, i) => (i === at ? { ...line, ...some } : line)))
  return (
    <fieldset className="form-lines">
      <legend>{legend}</legend>
      <p className="small faint">{note}</p>
      {lines.map((line, i) => (
        <div className="form-line" key={i}>
          {children(line, change(i), i + 1)}
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Remove ${one} ${i + 1}`}
            onClick={() => onChange(lines.filter((_, j) => j !== i))}
          >
            Remove
          </Button>
        </div>
      ))}
      <Button size="compact-xs" variant="default" onClick={() => onChange([...lines, fresh()])}>
        Add a {one}
      </Button>
    </fieldset>
  )
}
