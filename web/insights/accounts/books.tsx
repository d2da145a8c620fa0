/** Which files are the books of record: one for accounts, one for revenue. */
import { Select, Switch } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRead, useWrite, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'

/** What the file says of parents, and which of it cannot be followed. */
function parentsText({ named, unknown, circular }: OutputOf<'insights.accounts.settings'>['parents']): string {
  if (named === 0) return 'The accounts file names no parents.'
  return [
    `${plural(named, 'account names', 'accounts name')} a parent.`,
    unknown > 0 ? `${plural(unknown, 'of them names', 'of them name')} one that the file does not hold.` : '',
    circular > 0
      ? `${plural(circular, 'of them is', 'of them are')} in or below a circle of parents, left as it is.`
      : '',
  ]
    .filter(Boolean)
    .join(' ')
}

const bookName = (book: string) => {
  const [dataset, source] = book.split(':')
  return `${dataset === 'mrr' ? 'MRR by month' : 'Subscriptions'} of ${source}`
}

export function Books() {
  const settings = useRead('insights.accounts.settings', {})
  const mayEdit = useMay('insights:edit')
  const save = useWrite('insights.accounts.saveSettings')
  return (
    <Section
      title="Books of record"
      note="One accounts file says who the customers are; one book says what they pay. A second book beside it would count twice."
    >
      <Await query={settings} rows={2}>
        {(now) => {
          const change = (next: {
            primarySource?: string | null
            revenueBook?: string | null
            rollUpToParent?: boolean
          }) =>
            save.mutate(
              {
                primarySource: now.primarySource,
                revenueBook: now.revenueBook,
                rollUpToParent: now.rollUpToParent,
                version: now.version,
                ...next,
              },
              {
                onSuccess: () => notifications.show({ title: 'Saved', message: 'The figures are being refreshed.' }),
                onError: (error) => notifications.show({ color: 'red', title: 'Not saved', message: error.message }),
              },
            )
          return (
            <div className="books">
              <Select
                label="Accounts"
                w={200}
                placeholder="no accounts file yet"
                data={now.sources}
                value={now.primarySource !== null && now.sources.includes(now.primarySource) ? now.primarySource : null}
                disabled={!mayEdit || now.sources.length === 0 || save.isPending}
                onChange={(v) => change({ primarySource: v })}
                allowDeselect={false}
              />
              <Select
                label="Revenue"
                w={240}
                placeholder="no revenue yet"
                data={now.revenueBooks.map((b) => ({ value: b, label: bookName(b) }))}
                value={now.revenueBook}
                disabled={!mayEdit || now.revenueBooks.length === 0 || save.isPending}
                onChange={(v) => change({ revenueBook: v })}
                allowDeselect={false}
              />
              <Switch
                mb={8}
                label="Subsidiaries count for their topmost parent"
                description={parentsText(now.parents)}
                checked={now.rollUpToParent}
                disabled={!mayEdit || save.isPending}
                onChange={(e) => change({ rollUpToParent: e.currentTarget.checked })}
              />
            </div>
          )
        }}
      </Await>
    </Section>
  )
}
