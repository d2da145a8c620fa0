/** Keeps what is shown as a list with a name. */
import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useWrite, type InputOf } from '../../api.ts'
import { plural } from '../../ui/format.ts'
import { Failed } from '../../ui/states.tsx'

interface Props {
  isOpen: boolean
  input: Omit<InputOf<'insights.whitespace.save'>, 'name' | 'note'>
  suggested: string
  onClose: () => void
  onKept: (id: string) => void
}

export function KeepForm({ isOpen, ...rest }: Props) {
  return (
    <Modal
      opened={isOpen}
      onClose={rest.onClose}
      title={<span className="drawer-title">Keep these accounts as a list</span>}
    >
      {isOpen ? <Form {...rest} /> : null}
    </Modal>
  )
}

function Form({ input, suggested, onKept }: Omit<Props, 'isOpen'>) {
  const save = useWrite('insights.whitespace.save')
  const [name, setName] = useState(suggested)
  const [note, setNote] = useState('')
  const keep = () =>
    save.mutate(
      { ...input, name, note: note.trim() || null },
      {
        onSuccess: ({ id, accounts }) => {
          notifications.show({
            title: 'The list is kept',
            message: `${plural(accounts, 'account', 'accounts')}, as they are today. It will show what becomes of them.`,
          })
          onKept(id)
        },
      },
    )
  return (
    <form
      className="keep-form"
      onSubmit={(e) => {
        e.preventDefault()
        keep()
      }}
    >
      {save.error ? <Failed error={save.error} /> : null}
      <TextInput
        label="Name"
        required
        maxLength={120}
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="Note"
        description="Goes into the mails, and stands with the list"
        autosize
        minRows={2}
        maxLength={2000}
        value={note}
        onChange={(e) => setNote(e.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
          Keep the list
        </Button>
      </div>
    </form>
  )
}
