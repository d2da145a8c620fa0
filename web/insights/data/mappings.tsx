/** Mappings that were kept, to be taken as a file, repeated, or forgotten. */
import { Button, Menu } from '@mantine/core'
import { useRead, useWrite, type OutputOf } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { moment, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { download } from '../../ui/picture.ts'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'

type Saved = OutputOf<'insights.mappings.list'>['rows'][number]

export function Mappings() {
  const here = useHere()
  const [, set] = useAddress<{ repeat?: string; open?: string }>()
  const mappings = useRead('insights.mappings.list', {})
  const remove = useWrite('insights.mappings.remove')
  const columns: Column<Saved>[] = [
    { key: 'name', title: 'Mapping', by: (m) => m.name, render: (m) => m.name },
    {
      key: 'fields',
      title: 'Fields',
      render: (m) => <span className="soft">{Object.keys(m.mapping.fields).join(', ')}</span>,
    },
    { key: 'at', title: 'Saved', by: (m) => m.updatedAt, render: (m) => moment(m.updatedAt), isNumber: true },
    {
      key: 'more',
      title: <span className="visually-hidden">Actions</span>,
      render: (m) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="compact-xs" variant="default" aria-label={`Actions for ${m.name}`}>
              …
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() =>
                download(
                  `${m.name.replaceAll(/[^\w-]+/g, '-')}.mapping.yaml`,
                  new Blob([m.yaml], { type: 'text/yaml' }),
                )
              }
            >
              Download as YAML
            </Menu.Item>
            {here?.kind === 'own' ? (
              <Menu.Item onClick={() => set({ repeat: m.id, open: 'new' })}>Repeat it by a schedule</Menu.Item>
            ) : null}
            <Menu.Item onClick={() => remove.mutate({ id: m.id })}>Forget it</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ]
  return (
    <Section
      title="Mappings"
      note="Saved with each import and proposed again for a file with the same columns. As a file they serve the command line."
    >
      <Await query={mappings} rows={3}>
        {({ rows }) => (
          <Table
            label="Mappings"
            columns={columns}
            rows={rows}
            keyOf={(m) => m.id}
            empty={<p className="soft">{plural(0, 'mapping', 'mappings')} saved yet; the first import saves one.</p>}
          />
        )}
      </Await>
    </Section>
  )
}
