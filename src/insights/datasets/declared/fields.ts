/** One field of a dataset, in one line and its names. */
import type { FieldType } from '../schemas.ts'
import type { DeclaredField, Headers } from '../declaration.ts'

const field =
  (isNeeded: boolean) =>
  (name: string, label: string, type: FieldType, help: string, headers: Headers): DeclaredField => ({
    name,
    label,
    type,
    required: isNeeded,
    help,
    headers,
  })

export const needed = field(true)
export const optional = field(false)
