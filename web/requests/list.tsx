/** The questions that were asked, to be worked through. */
import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Request } from '../../src/requests/schemas.ts'
import { useRead, useWorkspace, useWrite, write } from '../api.ts'
import { useMay } from '../session.ts'
import { day, plural } from '../ui/format.ts'
import { useBulk } from '../ui/list/bulk.ts'
import type { ListColumn } from '../ui/list/columns.ts'
import { List } from '../ui/list/list.tsx'
import type { Pages } from '../ui/list/pages.ts'
import type { Opening } from '../ui/thing/opening.ts'
import { stateNames, stateText } from './words.ts'

const nobody = ''

export interface RequestListProps {
  pages: Pages<Request>
  input: { state?: Request['state']; mineOnly?: boolean }
  filters: ReactNode
  opening: Opening
  empty: ReactNode
}

export function RequestList({ pages, input, filters, opening, empty }: RequestListProps) {
  const mayAnswer = useMay('requests:answer')
  return (
    <List
      name="requests"
      label="Questions"
      of={['question', 'questions']}
      columns={useColumns()}
      pages={pages}
      keyOf={(r) => r.id}
      openKey={opening.of}
      onOpen={(r) => opening.open(r.id)}
      onOrder={opening.setAmong}
      filters={filters}
      filterKeys={['state', 'mine']}
      csv={{ operation: 'requests.list', input: { ...input, limit: 200 } }}
      {...(mayAnswer ? { bulk: (rows: Request[], clear: () => void) => <Assign rows={rows} onDone={clear} /> } : {})}
      empty={empty}
    />
  )
}

/** Those who answer, for a choice. */
export function useAnswerers(): { value: string; label: string }[] {
  const may = useMay('requests:answer')
  const people = useRead('requests.answerers', {}, { enabled: may }).data?.rows ?? []
  return [{ value: nobody, label: 'Nobody yet' }, ...people.map((p) => ({ value: p.id, label: p.name }))]
}

function useColumns(): ListColumn<Request>[] {
  const mayAnswer = useMay('requests:answer')
  const options = useAnswerers()
  const assign = useWrite('requests.assign')
  return [
    { key: 'question', title: 'Question', by: (r) => r.question, render: (r) => r.question },
    {
      key: 'state',
      title: 'State',
      width: 184,
      by: (r) => `${stateNames[r.state]} ${String(Math.round(r.hoursOpen * 100)).padStart(9, '0')}`,
      choice: (r) => stateNames[r.state],
      render: (r) => <span className={r.state === 'open' ? 'request-open' : undefined}>{stateText(r)}</span>,
    },
    {
      key: 'answer',
      title: 'Answer',
      width: 220,
      by: (r) => (r.state === 'answered' ? (r.answer?.text ?? null) : null),
      render: (r) =>
        r.answer && r.state === 'answered' ? (
          r.answer.text
        ) : (
          <span className="faint">{r.isWithheld ? 'names accounts' : '–'}</span>
        ),
    },
    {
      key: 'with',
      title: 'With',
      width: 130,
      by: (r) => r.assignedTo?.name ?? null,
      choice: (r) => r.assignedTo?.name ?? 'Nobody',
      render: (r) => r.assignedTo?.name ?? <span className="faint">{r.state === 'open' ? 'nobody' : '–'}</span>,
      edit: {
        may: (r) => mayAnswer && r.state === 'open',
        value: (r) => r.assignedTo?.id ?? nobody,
        options,
        save: (r, person) => assign.mutateAsync({ id: r.id, version: r.version, person: person || null }),
      },
    },
    {
      key: 'by',
      title: 'Asked by',
      width: 130,
      by: (r) => r.askedBy.name,
      choice: (r) => r.askedBy.name,
      render: (r) => (r.isMine ? 'me' : r.askedBy.name),
    },
    {
      key: 'hours',
      title: 'Hours',
      hint: 'From asking to the answer, to closing, or to now; nights and weekends too',
      width: 80,
      isNumber: true,
      isHidden: true,
      by: (r) => r.hoursOpen,
      render: (r) => r.hoursOpen.toFixed(1),
    },
    {
      key: 'at',
      title: 'On',
      width: 110,
      isNumber: true,
      by: (r) => r.askedAt,
      render: (r) => day(r.askedAt.slice(0, 10)),
    },
  ]
}

function Assign({ rows, onDone }: { rows: Request[]; onDone: () => void }) {
  const workspace = useWorkspace()
  const options = useAnswerers()
  const { run, isBusy } = useBulk<Request>(onDone)
  return (
    <Select
      size="xs"
      w={170}
      aria-label="Who answers them"
      placeholder="Who answers them"
      disabled={isBusy}
      data={options}
      value={null}
      searchable
      onChange={(person) =>
        person !== null &&
        void run(
          rows,
          ({ id, version }) => write('requests.assign', workspace, { id, version, person: person || null }),
          (n) => `${plural(n, 'question', 'questions')} ${person ? 'assigned' : 'with nobody now'}`,
        )
      }
    />
  )
}
