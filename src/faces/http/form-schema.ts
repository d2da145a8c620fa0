/** What an operation takes, as JSON Schema for forms: labels, help, bounds, and what is said where a text has not the form that is asked for. */
import { z } from 'zod'
import type { AnyOperation } from '../../platform/operation.ts'

interface Check {
  _zod: { def: { check?: string; format?: string; error?: (issue: object) => unknown } }
}

/** The words beside a pattern, which JSON Schema has no place for. */
function problemOf(type: z.core.$ZodType): string | undefined {
  const checks = ((type._zod.def as { checks?: Check[] }).checks ?? []).map(({ _zod }) => _zod.def)
  const said = checks.find((d) => d.format === 'regex')?.error?.({})
  return typeof said === 'string' ? said : undefined
}

export function formSchema(op: AnyOperation): object {
  const schema = z.toJSONSchema(op.input as z.ZodType, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const problem = problemOf(zodSchema)
      if (problem) Object.assign(jsonSchema, { problem })
    },
  }) as Record<string, unknown>
  delete schema['$schema']
  return schema
}
