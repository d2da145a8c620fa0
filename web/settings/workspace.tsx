/** The workspace itself: its name, its currency, and making another. */
import { Alert, Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { queryClient, useRead, useWrite, type OutputOf } from '../api.ts'
import { sessionKey, useHere, useMay } from '../session.ts'
import { Page, Section } from '../ui/page.tsx'
import { Await } from '../ui/states.tsx'
import './settings.css'

export function WorkspacePage() {
  const workspace = useRead('workspaces.get', {})
  return (
    <Page title="This workspace">
      <Await query={workspace} rows={3}>
        {(w) => (
          <>
            <Name key={w.version} workspace={w} />
            <Section
              title="Currency"
              note="One per workspace, chosen when it was made: figures in two currencies cannot be added."
            >
              <p>
                <strong>{w.currency}</strong>. Amounts in others come in by the rates of a mapping.
              </p>
            </Section>
            <Section title="Commands" note="Every page has its command.">
              <p>
                Commands take <code>--workspace {w.slug}</code>.
              </p>
            </Section>
            <Section title="Other workspaces">
              <Button component={Link} to="/start" variant="default">
                Open or make another
              </Button>
            </Section>
          </>
        )}
      </Await>
    </Page>
  )
}

function Name({ workspace }: { workspace: OutputOf<'workspaces.get'> }) {
  const may = useMay('workspace:admin')
  const here = useHere()
  const rename = useWrite('workspaces.rename')
  const [name, setName] = useState(workspace.name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate(
      { name, version: workspace.version },
      {
        onSuccess: () => {
          void queryClient.invalidateQueries({ queryKey: sessionKey })
        },
      },
    )
  }
  return (
    <Section title="Name" note={here?.kind === 'sample' ? 'This is the sample company.' : undefined}>
      <form className="settings-form" onSubmit={submit}>
        <TextInput
          aria-label="Name"
          w={300}
          required
          maxLength={80}
          value={name}
          disabled={!may}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        {may ? (
          <Button
            type="submit"
            variant="default"
            disabled={name.trim() === '' || name === workspace.name}
            loading={rename.isPending}
          >
            Rename
          </Button>
        ) : null}
      </form>
      {rename.error ? (
        <Alert mt="sm" color="red" variant="light" role="alert">
          {rename.error.message}
        </Alert>
      ) : null}
    </Section>
  )
}
