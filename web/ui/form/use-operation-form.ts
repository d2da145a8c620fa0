/** A form over one operation: what the server says of its fields, what does not fit beside them, and what happens when two people save. */
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type FocusEvent } from 'react'
import { ApiError, send, useWrite, type InputOf, type OutputOf, type WriteName } from '../../api.ts'
import { useAutosave } from './autosave.ts'
import { besideField, factsOf, problemsOf, spoken, type Problems, type Schema } from './schema.ts'
import { differing, isUntouched, merged, type Choices, type FieldVersions } from './versions.ts'

export interface FormOptions<N extends WriteName, V extends Record<string, unknown>> {
  operation: N
  initial: V
  /** @param version of what is changed, as it was read or as another made it meanwhile */
  input: (values: V, version: number) => InputOf<N>
  /** Where in the input the values lie, where that is not the whole of it: `objective`. */
  at?: string
  version?: number
  /** What the form would hold of the thing as it is now; where it is given, two versions are shown beside each other. */
  held?: (current: never) => Partial<V>
  /** What the schema cannot say. */
  check?: (values: V) => Problems
  /** Saved as one writes instead of by a button: where half of it harms nobody. */
  isAutosaved?: boolean
  onDone?: (output: OutputOf<N>) => void
}
export interface Words {
  label?: string
  help?: string
  isNeeded?: boolean
}
type PathOf<V> = (keyof V & string) | `${keyof V & string}.${string}`

export interface Conflict {
  message: string
  by: string | null
  fields: FieldVersions[]
  version: number
  theirs: Record<string, unknown>
}

/** Every form asks once in a session. */
function useSchema(operation: WriteName): Schema | undefined {
  return useQuery<Schema, ApiError>({
    queryKey: ['schema', operation],
    queryFn: () => send(`/api/schema?operation=${operation}`),
    staleTime: Infinity,
    gcTime: Infinity,
  }).data
}

export type OperationForm<V extends Record<string, unknown>> = ReturnType<typeof useOperationForm<WriteName, V>>

export function useOperationForm<N extends WriteName, V extends Record<string, unknown>>({
  operation,
  initial,
  input,
  at = '',
  version: firstVersion = 0,
  held,
  check,
  isAutosaved = false,
  onDone,
}: FormOptions<N, V>) {
  const schema = useSchema(operation)
  const write = useWrite(operation)
  const form = useForm<V>({ initialValues: initial })
  const [error, setError] = useState<ApiError | null>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)
  // Counts up whenever the first error is to be looked at.
  const [focusTurn, setFocusTurn] = useState(0)
  const version = useRef(firstVersion)
  const base = useRef<Record<string, unknown>>(initial)
  const [labels] = useState(() => new Map<string, string>())

  const within = (path: string) => (at === '' ? path : `${at}.${path}`)
  const ownPath = (path: string) => (at !== '' && path.startsWith(`${at}.`) ? path.slice(at.length + 1) : path)
  const inputNow = () => input(form.getValues(), version.current)
  const problemsNow = (): Problems => {
    const found = schema ? problemsOf(schema, inputNow()) : {}
    return {
      ...Object.fromEntries(Object.entries(found).map(([path, message]) => [ownPath(path), message])),
      ...check?.(form.getValues()),
    }
  }
  const refuse = (problems: Problems) => {
    form.setErrors(problems)
    setFocusTurn((n) => n + 1)
  }
  /** Whoever saved first is shown beside what was entered here, unless they changed something else. */
  const meet = async (problem: ApiError, values: V): Promise<boolean> => {
    const { current, version: newest, changedBy } = problem.details ?? {}
    if (problem.code !== 'conflict' || !held || !current || typeof newest !== 'number') return false
    const theirs = held(current as never) as Record<string, unknown>
    if (newest !== version.current && isUntouched(base.current, theirs)) {
      version.current = newest
      await save(values)
      return true
    }
    const fields = differing(base.current, values, theirs)
    const by = typeof changedBy === 'string' ? changedBy : null
    setConflict({ message: problem.message, by, fields, version: newest, theirs })
    return true
  }
  const save = async (values: V): Promise<OutputOf<N> | null> => {
    setError(null)
    try {
      const output = await write.mutateAsync(input(values, version.current))
      form.resetDirty(values as never)
      base.current = values
      const { version: saved } = output as { version?: unknown }
      if (typeof saved === 'number') version.current = saved
      setConflict(null)
      onDone?.(output)
      return output
    } catch (caught) {
      const problem = caught instanceof ApiError ? caught : new ApiError('bug', 'This could not be saved. Try again.')
      if (await meet(problem, values)) return null
      const issues = (problem.details?.['issues'] ?? []) as { path: string; message: string }[]
      if (issues.length > 0)
        refuse(Object.fromEntries(issues.map((i) => [ownPath(i.path), besideField(i.path, i.message)])))
      else {
        setError(problem)
        setFocusTurn((n) => n + 1)
      }
      if (isAutosaved) throw problem
      return null
    }
  }
  const autosave = useAutosave<V, OutputOf<N>>(
    form.values,
    null,
    async (values) => {
      const saved = Object.keys(problemsNow()).length === 0 ? await save(values) : null
      if (!saved) throw new ApiError('invalid', 'Something does not fit yet.')
      return saved
    },
    undefined,
    isAutosaved,
  )

  const wordsOf = (path: string, words: Words) => {
    const facts = schema ? factsOf(schema, within(path), inputNow()) : undefined
    const { title, description } = facts?.schema ?? {}
    const label = words.label ?? title ?? spoken(path)
    labels.set(path, label)
    return {
      facts: facts?.schema ?? {},
      label,
      help: words.help ?? capital(description),
      isNeeded: words.isNeeded ?? facts?.isNeeded ?? false,
    }
  }
  const onLeave = (path: string) => (event: FocusEvent<HTMLElement>) => {
    // What is about to be pressed must not move away below the pointer.
    if (event.relatedTarget instanceof HTMLButtonElement || !form.isTouched(path as never)) return
    const found = problemsNow()[path]
    if (found) form.setFieldError(path as never, found)
    else form.clearFieldError(path as never)
  }
  const common = (path: string, words: Words) => {
    const said = wordsOf(path, words)
    const { onChange, value, error: problem } = form.getInputProps(path as never)
    return {
      said,
      value: value as unknown,
      props: {
        onChange: onChange as (value: unknown) => void,
        onBlur: onLeave(path),
        error: problem as string | undefined,
        label: said.label,
        description: said.help,
        required: said.isNeeded,
        'data-field': path,
      },
    }
  }

  return {
    schema,
    values: form.values,
    isReady: schema !== undefined,
    isSending: write.isPending,
    isDirty: () => form.isDirty(),
    saving: autosave.saving,
    isAutosaved,
    error,
    focusTurn,
    conflict,
    labelOf: (path: string) => labels.get(path) ?? spoken(path),
    /** What does not fit and has no field here. */
    problemsOnTop: Object.entries(form.errors)
      .filter(([path]) => !labels.has(path))
      .map(([path, message]) => ({ path, message: message as string })),
    /** For a field of another make. */
    problemAt(path: PathOf<V>) {
      labels.set(path, spoken(path))
      const problem = form.errors[path]
      return problem ? { error: problem as string } : {}
    },
    set: (path: PathOf<V>, value: unknown) => form.setFieldValue(path as never, value as never),
    /** A text, a day, a number: whatever is typed. */
    field(path: PathOf<V>, words: Words = {}) {
      const { said, value, props } = common(path, words)
      const { maxLength, minimum, maximum } = said.facts
      return {
        ...props,
        value: (value ?? '') as string,
        ...(maxLength !== undefined ? { maxLength } : {}),
        ...(said.facts.type === 'number' || said.facts.type === 'integer' ? { min: minimum, max: maximum } : {}),
      }
    },
    /** One of those that the operation knows, or of those that are given. */
    choice(path: PathOf<V>, words: Words & { names?: Readonly<Record<string, string>> } = {}) {
      const { said, value, props } = common(path, words)
      return {
        ...props,
        value: (value ?? null) as string | null,
        data: ((said.facts.enum ?? []) as string[]).map((one) => ({
          value: one,
          label: words.names?.[one] ?? spoken(one),
        })),
        allowDeselect: !said.isNeeded,
      }
    },
    /** Yes or no. */
    box(path: PathOf<V>, words: Words = {}) {
      const { value, props } = common(path, words)
      const { required: _, onChange, ...rest } = props
      return {
        ...rest,
        checked: value === true,
        onChange: (e: { currentTarget: { checked: boolean } }) => onChange(e.currentTarget.checked),
      }
    },
    submit: async () => {
      const problems = problemsNow()
      if (Object.keys(problems).length > 0) refuse(problems)
      else await save(form.getValues())
    },
    /** The other’s version is what is built upon from here. */
    settle: async (choices: Choices) => {
      if (!conflict) return
      const values = merged(form.getValues() as Record<string, unknown>, conflict.theirs, choices) as V
      version.current = conflict.version
      base.current = { ...base.current, ...conflict.theirs }
      form.setValues(values as never)
      setConflict(null)
      const isTheirs = Object.values(choices).every((choice) => choice === 'theirs')
      if (!isTheirs) await save(values)
      else {
        form.resetDirty(values as never)
        onDone?.({ version: conflict.version } as never)
      }
    },
  }
}
const capital = (text: string | undefined) => text && `${text.charAt(0).toUpperCase()}${text.slice(1)}`
