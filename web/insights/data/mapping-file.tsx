/** A mapping taken away as a file, and brought from one. */
import { Button, FileButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Mapping } from '../../../src/insights/datasets/schemas.ts'
import { ApiError, read, useWorkspace } from '../../api.ts'
import { download } from '../../ui/picture.ts'

export function MappingFile({ mapping, onMapping }: { mapping: Mapping; onMapping: (mapping: Mapping) => void }) {
  const workspace = useWorkspace()
  const take = async (file: File | null) => {
    if (!file) return
    try {
      onMapping((await read('insights.mappings.read', workspace, { yaml: await file.text() })).mapping)
    } catch (error) {
      notifications.show({
        color: 'red',
        title: 'This mapping was not taken',
        message: error instanceof ApiError ? error.message : 'It could not be read.',
      })
    }
  }
  const save = async () => {
    try {
      const { yaml } = await read('insights.mappings.read', workspace, {
        yaml: JSON.stringify(mapping),
      })
      download(`${mapping.dataset}.mapping.yaml`, new Blob([yaml], { type: 'text/yaml' }))
    } catch (error) {
      notifications.show({
        color: 'red',
        title: 'The mapping is not whole yet',
        message: error instanceof ApiError ? error.message : 'It could not be saved.',
      })
    }
  }
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          void save()
        }}
      >
        Save the mapping as a file
      </Button>
      <FileButton
        onChange={(file) => {
          void take(file)
        }}
        accept=".yaml,.yml"
      >
        {(props) => (
          <Button variant="default" {...props}>
            Load a mapping file
          </Button>
        )}
      </FileButton>
    </>
  )
}
