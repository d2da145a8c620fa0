/** The first page: look at the sample company, or start with one's own data. */
import { Alert, Button, Select, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { ApiError, queryClient, write } from '../api.ts'
import { sessionKey, signOut, useSession } from '../session.ts'
import { Loading } from '../ui/states.tsx'
import { JoiningFrame } from './frame.tsx'

const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CAD', 'AUD', 'JPY', 'INR', 'BRL']

export function StartPage() {
  const session = useSession()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [currency, setCurrency] = useState('EUR')
  const [busy, setBusy] = useState<'sample' | 'own' | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const go = async (what: 'sample' | 'own', work: () => Promise<string>, path: '' | '/data' | '/insights/adoption') => {
    setBusy(what)
    setProblem(null)
    try {
      const slug = await work()
      await queryClient.invalidateQueries({ queryKey: sessionKey })
      await navigate({ to: `/w/$workspace${path}`, params: { workspace: slug } })
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'This did not work. Try again.')
      setBusy(null)
    }
  }
  if (!session)
    return (
      <JoiningFrame title="Where to start">
        <Loading rows={4} />
      </JoiningFrame>
    )
  if (!session.person)
    return (
      <JoiningFrame title="Sign in first">
        <form>
          <Button component="a" href="/sign-in">
            Sign in
          </Button>
        </form>
      </JoiningFrame>
    )
  const own = (event: FormEvent) => {
    event.preventDefault()
    void go('own', async () => (await write('workspaces.create', undefined, { name, currency })).slug, '/data')
  }
  return (
    <JoiningFrame
      isWide
      title="Which features keep which customers?"
      lead="Look at a made-up company first, or bring your own accounts, revenue and usage. Either takes minutes."
    >
      {problem ? (
        <Alert mt="md" color="red" variant="light" role="alert">
          {problem}
        </Alert>
      ) : null}
      <div className="choices">
        <section className="choice" aria-label="Sample company">
          <h2>Look at the sample company</h2>
          <p>
            600 accounts, two years of usage under raw event names, subscriptions that grow, shrink, end and return.
            Truths are planted in it for you to find.
          </p>
          <div className="choice-action">
            <Button
              variant={session.person.isOwner && session.workspaces.length === 0 ? 'filled' : 'default'}
              loading={busy === 'sample'}
              disabled={busy !== null}
              onClick={() => {
                void go(
                  'sample',
                  async () => (await write('setup.sampleCompany.open', undefined, {})).slug,
                  '/insights/adoption',
                )
              }}
            >
              Look at the sample company
            </Button>
          </div>
        </section>
        <section className="choice" aria-label="Own data">
          <h2>Start with my own data</h2>
          <p>
            A workspace of its own. Drop in exports as they are: CSV, Excel, NDJSON or Parquet, keyed however your
            systems key them.
          </p>
          {session.person.isOwner ? (
            <form className="choice-action" onSubmit={own}>
              <TextInput
                label="Name of the company or product"
                required
                maxLength={80}
                value={name}
                onChange={(e) => setName(e.currentTarget.value)}
              />
              <Select
                label="Currency"
                description="One per workspace; amounts in others need rates"
                data={currencies}
                value={currency}
                onChange={(v) => setCurrency(v ?? 'EUR')}
                searchable
                allowDeselect={false}
              />
              <Button type="submit" variant="default" loading={busy === 'own'} disabled={busy !== null}>
                Start with my own data
              </Button>
            </form>
          ) : (
            <p className="small faint">
              Only the person who set this installation up makes workspaces. Ask them for one, or for an invitation.
            </p>
          )}
        </section>
      </div>
      {session.workspaces.length > 0 ? (
        <nav className="joining-list" aria-label="Your workspaces">
          {session.workspaces.map((w) => (
            <Link key={w.slug} to="/w/$workspace" params={{ workspace: w.slug }}>
              {w.name}
              <span className="faint small">{w.role.replace('-', ' ')}</span>
            </Link>
          ))}
        </nav>
      ) : null}
      <p className="small faint" style={{ marginTop: 32 }}>
        Signed in as {session.person.email}.{' '}
        <Button
          variant="transparent"
          size="compact-xs"
          onClick={() => {
            void signOut()
          }}
        >
          Sign out
        </Button>
      </p>
    </JoiningFrame>
  )
}
