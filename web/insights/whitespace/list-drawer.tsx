/** One kept list: hand it over, and see what became of each account. */
import { Button, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { ListItem } from '../../../src/insights/whitespace/schemas.ts'
import { csvAddress, useRead, useWorkspace, useWrite, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { count, day, exactMoney, moment, money, plural } from '../../ui/format.ts'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Await, Failed, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { showUndo } from '../../ui/undo.tsx'
import { AccountLink } from '../account/account-link.tsx'
import './whitespace.css'

type Kept = OutputOf<'insights.whitespace.get'>
const renewalWords: Record<ListItem['renewal'], string> = {
  left: 'left',
  renewed: 'renewed',
  grew: 'renewed, grew',
  shrank: 'renewed, shrank',
  due: 'to come',
  unknown: 'not known',
}
const wayWords = { csv: 'Downloaded', mail: 'Mailed to', webhook: 'Posted to' }
const waitingWords = { csv: 'Downloaded', mail: 'Mail to', webhook: 'Post to' }
const outcomeWords = { queued: 'Waits to be sent', failed: 'Not sent', held: 'Held back' }

const useList = (id: string) => useRead('insights.whitespace.get', { id })

export function ListDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  return (
    <SideDrawer of={id} width={920} onClose={onClose} title={(open) => <Name id={open} />}>
      {(open) => <List id={open} onClose={onClose} />}
    </SideDrawer>
  )
}

const Name = ({ id }: { id: string }) => useList(id).data?.list.name ?? 'A kept list'

function List({ id, onClose }: { id: string; onClose: () => void }) {
  const list = useList(id)
  return (
    <Await query={list} rows={10}>
      {(kept) => <Body kept={kept} onClose={onClose} />}
    </Await>
  )
}

function Body({ kept, onClose }: { kept: Kept; onClose: () => void }) {
  const { list, currency } = kept
  const may = useMay('insights:curate')
  const archive = useWrite('insights.whitespace.archive')
  const putAway = () =>
    archive.mutate(
      { id: list.id, archived: !list.isArchived },
      {
        onSuccess: () => {
          if (!list.isArchived) {
            showUndo('The list is put away', () => archive.mutate({ id: list.id, archived: false }))
            onClose()
          }
        },
      },
    )
  const { outcome } = list
  return (
    <div className="kept">
      <p className="soft">
        Kept by {list.createdBy} on {day(list.createdAt.slice(0, 10))}: {plural(list.accounts, 'account', 'accounts')}{' '}
        with <span title={exactMoney(list.arrThen, currency)}>{money(list.arrThen, currency)}</span> of ARR,{' '}
        {list.features.join(', ')}.{list.note ? ` ${list.note}` : ''}
      </p>
      <dl className="drawer-figures">
        {(
          [
            ['Adopted since', `${count(list.adopted)} of ${count(list.pairs)}`],
            ['Renewed', `${count(outcome.renewed.accounts)} · ${money(outcome.renewed.arr, currency)}`],
            ['Left', `${count(outcome.left.accounts)} · ${money(outcome.left.arr, currency)}`],
            ['Renewal to come', `${count(outcome.due.accounts)} · ${money(outcome.due.arr, currency)}`],
          ] as const
        ).map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {may ? <HandOver kept={kept} /> : null}
      <Table
        label="Accounts of the list"
        columns={columns(currency)}
        rows={kept.rows}
        keyOf={(i) => `${i.accountId} ${i.featureId}`}
        maxHeight={460}
      />
      {kept.handovers.length > 0 ? (
        <div>
          <h3>Handed over</h3>
          <ul className="handovers">
            {kept.handovers.map((h) => (
              <li key={h.id}>
                <span>
                  {(h.outcome === 'sent' ? wayWords : waitingWords)[h.way]}
                  {h.way === 'csv' ? '' : ` ${h.target}`}, {plural(h.items, 'line', 'lines')}
                </span>{' '}
                <span className="faint small">
                  {h.handedBy}, {moment(h.handedAt)}
                </span>
                {h.outcome === 'sent' ? null : (
                  <p className={h.outcome === 'failed' ? 'small handover-failed' : 'small faint'}>
                    {outcomeWords[h.outcome]}
                    {h.error ? `: ${h.error}` : '.'}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {may ? (
        <div>
          <Button size="compact-sm" variant="subtle" color="gray" loading={archive.isPending} onClick={putAway}>
            {list.isArchived ? 'Take the list out again' : 'Put the list away'}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function HandOver({ kept }: { kept: Kept }) {
  const { list } = kept
  const workspace = useWorkspace()
  const hand = useWrite('insights.whitespace.handOver')
  const [isPosting, setPosting] = useState(false)
  const [url, setUrl] = useState('')
  const [secret, setSecret] = useState<string | null>(null)
  const addressed = new Set(kept.rows.flatMap((r) => r.ownerEmail ?? [])).size
  const mail = () =>
    hand.mutate(
      { id: list.id, way: 'mail' },
      {
        onSuccess: () =>
          notifications.show({
            title: `Mailing ${plural(addressed, 'owner', 'owners')}`,
            message: 'Each gets their own accounts. It stands below once it is sent.',
          }),
      },
    )
  const post = () =>
    hand.mutate(
      { id: list.id, way: 'webhook', url },
      {
        onSuccess: (o) => {
          setSecret(o.secret)
          notifications.show({ title: 'Posting the list', message: 'It stands below once it was taken.' })
        },
      },
    )
  return (
    <div className="hand-over">
      <div className="drawer-actions">
        <Button
          size="xs"
          component="a"
          href={csvAddress('insights.whitespace.get', workspace, { id: list.id })}
          onClick={() => hand.mutate({ id: list.id, way: 'csv' })}
          variant="default"
        >
          Download CSV
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={mail}
          disabled={!kept.canMail || addressed === 0}
          loading={hand.isPending}
        >
          Mail {plural(addressed, 'owner', 'owners')}
        </Button>
        <Button size="xs" variant="default" onClick={() => setPosting(!isPosting)} aria-expanded={isPosting}>
          Webhook …
        </Button>
      </div>
      {kept.canMail ? (
        list.withoutAddress > 0 ? (
          <p className="small faint">
            {plural(list.withoutAddress, 'account has', 'accounts have')} an owner without an address; they get no mail.
          </p>
        ) : null
      ) : (
        <p className="small faint">
          No mail server is set up, so nothing can be mailed from here. Whoever runs the server can set one.
        </p>
      )}
      {isPosting ? (
        <form
          className="webhook-form"
          onSubmit={(e) => {
            e.preventDefault()
            post()
          }}
        >
          <TextInput
            size="xs"
            label="Post to"
            placeholder="https://"
            required
            value={url}
            onChange={(e) => setUrl(e.currentTarget.value)}
          />
          <Button size="xs" type="submit" loading={hand.isPending}>
            Post
          </Button>
        </form>
      ) : null}
      {secret ? (
        <Remark>
          Each post is signed in x-throughline-signature. The secret to check it with: <code>{secret}</code>
        </Remark>
      ) : null}
      {hand.error ? <Failed error={hand.error} /> : null}
    </div>
  )
}

const columns = (currency: string): Column<ListItem>[] => [
  {
    key: 'account',
    title: 'Account',
    by: (i) => i.account.toLowerCase(),
    render: (i) => <AccountLink id={i.accountId} name={i.account} />,
  },
  { key: 'feature', title: 'Feature', by: (i) => i.feature, render: (i) => i.feature },
  { key: 'owner', title: 'Owner', by: (i) => i.owner, render: (i) => i.owner ?? <span className="faint">none</span> },
  {
    key: 'then',
    title: 'ARR then',
    by: (i) => i.arrThen,
    render: (i) => <span title={exactMoney(i.arrThen, currency)}>{money(i.arrThen, currency)}</span>,
    isNumber: true,
  },
  {
    key: 'now',
    title: 'ARR now',
    by: (i) => i.arrNow,
    render: (i) =>
      i.arrNow === null ? (
        <span className="faint">–</span>
      ) : (
        <span title={exactMoney(i.arrNow, currency)}>{money(i.arrNow, currency)}</span>
      ),
    isNumber: true,
  },
  {
    key: 'renewal',
    title: 'Renewal',
    by: (i) => i.renewalDate,
    render: (i) => (i.renewalDate ? day(i.renewalDate) : <span className="faint">not known</span>),
    isNumber: true,
  },
  {
    key: 'became',
    title: 'What became',
    by: (i) => i.renewal,
    render: (i) => (
      <span className={i.renewal === 'due' || i.renewal === 'unknown' ? 'faint' : undefined}>
        {renewalWords[i.renewal]}
      </span>
    ),
  },
  {
    key: 'adopted',
    title: 'Adopted',
    by: (i) => Number(i.hasAdopted),
    render: (i) => (i.hasAdopted ? 'yes' : <span className="faint">not yet</span>),
  },
]
