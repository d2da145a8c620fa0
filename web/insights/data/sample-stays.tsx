import { Link } from '@tanstack/react-router'
import { Remark } from '../../ui/states.tsx'

export function SampleStays() {
  return (
    <Remark>
      This is the sample company; its data stays as it is. Your own files go into a workspace of your own.{' '}
      <Link to="/start">Make one</Link>
    </Remark>
  )
}
