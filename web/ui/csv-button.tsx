import { Button } from '@mantine/core'
import { useCsv } from '../api.ts'

/** The rows of a table as a file; not there where they were not shared. */
export function CsvButton({ operation, input }: { operation: string; input: unknown }) {
  const href = useCsv()(operation, input)
  return href ? (
    <Button size="compact-xs" variant="default" component="a" href={href}>
      CSV
    </Button>
  ) : null
}
