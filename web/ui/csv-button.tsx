import { Button } from '@mantine/core'
import { useCsv, type InputOf, type ReadName } from '../api.ts'

/** The rows of a table as a file; not there where they were not shared. */
export function CsvButton<N extends ReadName>({ operation, input }: { operation: N; input: InputOf<N> }) {
  const href = useCsv()(operation, input)
  return href ? (
    <Button size="compact-xs" variant="default" component="a" href={href}>
      CSV
    </Button>
  ) : null
}
