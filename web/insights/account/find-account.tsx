/** Finds an account by name, domain or id, and opens its page. */
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRead } from '../../api.ts'
import { Await } from '../../ui/states.tsx'
import { AccountLink } from './account-link.tsx'

export function FindAccount() {
  const [text, setText] = useState('')
  const found = useRead('insights.accounts.search', { text }, { keepPrevious: true })
  return (
    <div className="find-account">
      <TextInput
        label="Name, domain or id"
        w={320}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
        autoComplete="off"
      />
      <Await query={found} rows={4}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="soft">No account is called that.</p>
          ) : (
            <ul className="found-accounts">
              {rows.map((r) => (
                <li key={r.accountExtId}>
                  <AccountLink id={r.accountExtId} name={r.name ?? r.accountExtId} />{' '}
                  <span className="faint small">{r.domain ?? r.accountExtId}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Await>
    </div>
  )
}
