/** An account's name, which opens its page for those who may see accounts. */
import { Link } from '@tanstack/react-router'
import { useSharedFrame, useWorkspace } from '../../api.ts'
import { useMay } from '../../session.ts'

export function AccountLink({ id, name }: { id: string; name: string }) {
  const workspace = useWorkspace()
  const may = useMay('insights:accounts')
  const isShared = useSharedFrame() !== null
  if (!may || isShared)
    return (
      <span className="cut" title={id}>
        {name}
      </span>
    )
  return (
    <Link
      className="cut"
      to="/w/$workspace/insights/account"
      params={{ workspace }}
      search={{ id }}
      title={`${name}, ${id}`}
    >
      {name}
    </Link>
  )
}
