/** What the datasets are called, as they are declared on the server. */
import { useRead } from '../../api.ts'

export interface DatasetName {
  title: string
  what: string
}
export type NameOf = (dataset: string) => DatasetName

/** Until it is known what it is called, and where a dataset is no longer brought, it goes by its own name. */
export function useDatasetNames(): NameOf {
  const { data } = useRead('insights.mappings.fields', {})
  return (dataset) =>
    data?.datasets.find((d) => d.dataset === dataset) ?? {
      title: dataset.charAt(0).toUpperCase() + dataset.slice(1),
      what: '',
    }
}
