import type { Kind } from '@assay/shared'
import type { CrmLevers } from './levers.ts'

type Values = Readonly<Record<string, string | number | boolean>>

/** How a stand-in makes a record of a kind. */
interface Recipe<Name> {
  /** The CRM's name of that kind. */
  readonly object: Name
  /** The field that shows a text in the body. */
  readonly text: string
  readonly values: Values
}
export type Recipes<Name> = Readonly<Partial<Record<Kind, Recipe<Name>>>>

/** The recipe of a kind; throws where there is none. */
export const recipeIn =
  <Name>(recipes: Recipes<Name>) =>
  (kind: Kind): Recipe<Name> => {
    const found = recipes[kind]
    if (found === undefined) throw new Error(`the stand-in makes no ${kind}`)
    return found
  }

/** What a stand-in does to its own records, behind the connector's back. */
interface Records<Name> {
  create(object: Name, values: Values): string
  update(object: Name, id: string, values: Values): void
  delete(object: Name, id: string): void
}

/** The levers that make, change and delete records. */
export const recordLevers = <Name>(
  recipes: Recipes<Name>,
  records: Records<Name>,
): Pick<CrmLevers, 'kinds' | 'create' | 'change' | 'archive'> & Required<Pick<CrmLevers, 'createBare'>> => {
  const recipe = recipeIn(recipes)
  return {
    kinds: Object.keys(recipes) as Kind[],
    create(kind, count) {
      const { object, values } = recipe(kind)
      return Promise.resolve(Array.from({ length: count }, () => records.create(object, values)))
    },
    createBare: (kind) => Promise.resolve(records.create(recipe(kind).object, {})),
    change(kind, id, text) {
      records.update(recipe(kind).object, id, { [recipe(kind).text]: text })
      return Promise.resolve()
    },
    archive(kind, id) {
      records.delete(recipe(kind).object, id)
      return Promise.resolve()
    },
  }
}
