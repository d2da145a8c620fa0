/** The definitions that a page stands on: each by its name, in short on hover, in full one click away. */
import { Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRead, useWorkspace } from '../api.ts'

export function DefinitionLink({ of }: { of: string }) {
  const workspace = useWorkspace()
  const { data } = useRead('insights.metrics.definitions', {})
  const definition = data?.rows.find((d) => d.key === of)
  const link = (
    <Link to="/w/$workspace/data/definitions" params={{ workspace }} hash={of}>
      {definition?.name ?? of.replaceAll('-', ' ')}
    </Link>
  )
  return definition ? (
    <Tooltip label={definition.short} multiline w={280}>
      {link}
    </Tooltip>
  ) : (
    link
  )
}

export function DefinitionLinks({ keys }: { keys: readonly string[] }) {
  if (keys.length === 0) return null
  return (
    <p className="small">
      Definitions:{' '}
      {keys.map((key, i) => (
        <span key={key}>
          {i > 0 ? ', ' : ''}
          <DefinitionLink of={key} />
        </span>
      ))}
    </p>
  )
}
