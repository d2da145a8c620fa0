/** An account's name, which opens its page for those who may see accounts. */
import { Link } from '@tanstack/react-router'
import { useIsShared, useWorkspace } from '../../api.ts'
import { useMay } from '../../session.ts'

export function AccountLink({ id, name }: { id: string; name: string }) {
  const workspace = useWorkspace()
  const may = useMay('insights:accounts')
  const isShared = useIsShared()
  if (!may || isShared)
    return (
      <span className="cut" title={id}>
        {name}
      </span>
    )
  return (
    <Link
      className="cut"
      to="/w/$workspace/customers/accounts"
      params={{ workspace }}
      search={{ id }}
      title={`${name}, ${id}`}
    >
      {name}
    </Link>
  )
}
