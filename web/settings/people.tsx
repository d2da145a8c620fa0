/** Who may do what here; people join by a link that works once. */
import { Alert, Button, CopyButton, Modal, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type FormEvent } from 'react'
import type { Role } from '../../src/platform/auth/permissions.ts'
import { useRead, useWrite, type OutputOf } from '../api.ts'
import { useSession } from '../session.ts'
import { moment } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { Await } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import './settings.css'

type People = OutputOf<'people.list'>
type Person = People['people'][number]

const roles: { value: Role; label: string; may: string }[] = [
  { value: 'admin', label: 'Admin', may: 'everything, people and settings too' },
  { value: 'product-ops', label: 'Product Ops', may: 'data, features, who is who, audit log' },
  { value: 'product-manager', label: 'Product manager', may: 'all numbers and the accounts behind them' },
  { value: 'leader', label: 'Leader', may: 'all numbers and the accounts behind them' },
  { value: 'stakeholder', label: 'Stakeholder', may: 'what was shared with them, nothing else' },
]

export function PeoplePage() {
  const people = useRead('people.list', {})
  return (
    <Page
      title="Who may do what?"
      lead="Roles hold for this workspace alone. What somebody changes stands in the audit log."
    >
      <Await query={people}>
        {(list) => (
          <>
            <Members people={list.people} />
            <Invitations invitations={list.invitations} />
          </>
        )}
      </Await>
      <Section title="What a role may see and do">
        <dl className="role-list">
          {roles.map((r) => (
            <div key={r.value}>
              <dt>{r.label}</dt>
              <dd>{r.may}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </Page>
  )
}

function Members({ people }: { people: readonly Person[] }) {
  const session = useSession()
  const change = useWrite('people.changeRole')
  const remove = useWrite('people.remove')
  const [leaving, setLeaving] = useState<Person | null>(null)
  const failed = (error: { message: string }) =>
    notifications.show({ color: 'red', title: 'This was not changed', message: error.message })
  const columns: Column<Person>[] = [
    {
      key: 'name',
      title: 'Person',
      by: (p) => p.name.toLowerCase(),
      render: (p) => (
        <>
          {p.name}
          {p.email === session?.person?.email ? <span className="faint"> you</span> : null}
        </>
      ),
    },
    { key: 'email', title: 'E-mail', by: (p) => p.email, render: (p) => p.email },
    {
      key: 'role',
      title: 'Role',
      by: (p) => p.role,
      render: (p) => (
        <Select
          size="xs"
          w={160}
          data={roles}
          value={p.role}
          allowDeselect={false}
          aria-label={`Role of ${p.name}`}
          description={p.isByGroup ? 'by group, set at each sign-in' : undefined}
          inputWrapperOrder={['input', 'description']}
          onChange={(role) => {
            if (role && role !== p.role) change.mutate({ userId: p.userId, role: role as Role }, { onError: failed })
          }}
        />
      ),
    },
    { key: 'joined', title: 'Joined', by: (p) => p.joinedAt, render: (p) => moment(p.joinedAt), isNumber: true },
    {
      key: 'remove',
      title: <span className="visually-hidden">Remove</span>,
      render: (p) => (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => setLeaving(p)}
          aria-label={`Remove ${p.name}`}
        >
          Remove
        </Button>
      ),
    },
  ]
  return (
    <Section title="People">
      <Table label="People" columns={columns} rows={people} keyOf={(p) => p.userId} />
      <Modal
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title={leaving ? `Remove ${leaving.name} from this workspace?` : ''}
      >
        <p>They lose access at once. To come back they need a new invitation; what they did stays in the audit log.</p>
        <div className="settings-actions">
          <Button
            color="red"
            variant="light"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(
                { userId: leaving!.userId },
                {
                  onSuccess: () => setLeaving(null),
                  onError: (error) => {
                    setLeaving(null)
                    failed(error)
                  },
                },
              )
            }
          >
            Remove
          </Button>
          <Button variant="default" onClick={() => setLeaving(null)}>
            Keep
          </Button>
        </div>
      </Modal>
    </Section>
  )
}

const mailWords = {
  queued: 'A mail with this link is on its way.',
  held: 'The mail with this link is held back; give it to them yourself.',
  none: 'Nothing is sent, for no mail server is set up: give this link to them.',
}

function Invitations({ invitations }: { invitations: People['invitations'] }) {
  const invite = useWrite('people.invite')
  const withdraw = useWrite('people.withdrawInvitation')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('product-manager')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate({ email, role }, { onSuccess: () => setEmail('') })
  }
  const columns: Column<People['invitations'][number]>[] = [
    { key: 'email', title: 'Invited', render: (i) => i.email },
    { key: 'role', title: 'As', render: (i) => roles.find((r) => r.value === i.role)!.label },
    {
      key: 'until',
      title: 'The link works until',
      render: (i) => (i.isExpired ? <span className="faint">it ran out</span> : moment(i.expiresAt)),
      isNumber: true,
    },
    {
      key: 'withdraw',
      title: <span className="visually-hidden">Withdraw</span>,
      render: (i) => (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => withdraw.mutate({ id: i.id })}
          aria-label={`Withdraw the invitation of ${i.email}`}
        >
          Withdraw
        </Button>
      ),
    },
  ]
  return (
    <Section
      title="Invite somebody"
      note="The link works once, for seven days. It goes out by mail where a mail server is set up; you can always copy it and give it to them. A known person’s link serves to add this workspace."
    >
      <form className="settings-form" onSubmit={submit}>
        <TextInput
          label="E-mail"
          type="email"
          required
          w={260}
          value={email}
          onChange={(e) => setEmail(e.currentTarget.value)}
        />
        <Select
          label="Role"
          w={180}
          data={roles}
          value={role}
          onChange={(v) => setRole(v as Role)}
          allowDeselect={false}
        />
        <Button type="submit" loading={invite.isPending}>
          Make the link
        </Button>
      </form>
      {invite.error ? (
        <Alert mt="sm" color="red" variant="light" role="alert">
          {invite.error.message}
        </Alert>
      ) : null}
      {invite.data ? (
        <div className="settings-link" role="status">
          <p>{mailWords[invite.data.mail]}</p>
          <code>{invite.data.link}</code>
          <CopyButton value={invite.data.link}>
            {({ copied, copy }) => (
              <Button size="xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy the link'}
              </Button>
            )}
          </CopyButton>
        </div>
      ) : null}
      {invitations.length > 0 ? (
        <div className="settings-below">
          <Table label="Open invitations" columns={columns} rows={invitations} keyOf={(i) => i.id} />
        </div>
      ) : null}
    </Section>
  )
}
