import { type ReactNode, useEffect, useId, useState } from 'react'
import type { Portal } from './portal.ts'

/** What HubSpot's own property list reads and writes. */
export interface ListSide {
  readonly valueOf: (target: Portal['open'] | undefined, name: string) => string | null | undefined
  readonly save: (target: Portal['open'] | undefined, property: string, value: string | null) => void
}

interface Any {
  readonly children?: ReactNode
  readonly [name: string]: unknown
}
const ANSWERS = ['Accepted', 'Not now', 'Not relevant']

const box =
  (tag: 'div' | 'span' | 'h3' | 'ul' | 'dl' | 'thead' | 'tbody' | 'tr' | 'td' | 'th', name: string) =>
  ({ children, variant, gap, direction }: Any) => {
    const Tag = tag
    const words = [name, variant, direction, gap].filter((word) => typeof word === 'string')
    return (
      <Tag className={words.join(' ')} {...(tag === 'th' ? { scope: 'col' } : {})}>
        {children}
      </Tag>
    )
  }

function Text({ children, variant, inline, format }: Any) {
  const Tag = inline === true ? 'span' : 'p'
  const { fontWeight = '' } = (format ?? {}) as { fontWeight?: string }
  return (
    <Tag className={`text ${variant === 'microcopy' ? 'microcopy' : ''} ${fontWeight}`} dir="auto">
      {children}
    </Tag>
  )
}

function List({ children }: Any) {
  const items = Array.isArray(children) ? (children as ReactNode[]) : [children]
  return (
    <ul>
      {items.map((item, at) => (
        <li key={at}>{item}</li>
      ))}
    </ul>
  )
}

const Alert = ({ title, variant, children }: Any) => (
  <section className={`alert ${String(variant)}`} aria-label={String(title)}>
    <strong>{String(title)}</strong>
    <p dir="auto">{children}</p>
  </section>
)

const StatisticsItem = ({ label, number }: Any) => (
  <div className="statistic">
    <span className="label">{String(label)}</span>
    <span className="number">{String(number)}</span>
  </div>
)

function Accordion({ title, children }: Any) {
  return (
    <details>
      <summary>{String(title)}</summary>
      {children}
    </details>
  )
}

const DescriptionListItem = ({ label, children }: Any) => (
  <div>
    <dt>{String(label)}</dt>
    <dd>{children}</dd>
  </div>
)

const Button = ({ onClick, children }: Any) => (
  <button type="button" onClick={() => (onClick as () => void)()}>
    {children}
  </button>
)

const LoadingSpinner = ({ label }: Any) => <p className="spinner" role="status" aria-busy="true" aria-label={String(label)} />

/** HubSpot's list of properties that can be changed where they stand, with what is chosen saved at once. */
function propertyList({ valueOf, save }: ListSide) {
  const Property = ({ target, name }: { target: Portal['open'] | undefined; name: string }) => {
    const id = useId()
    const [value, setValue] = useState(valueOf(target, name) ?? '')
    useEffect(() => setValue(valueOf(target, name) ?? ''), [target, name])
    const rank = /offer_(\d)/.exec(name)?.[1] ?? ''
    return (
      <div className="property">
        <label htmlFor={id}>{`Offer ${rank} response`}</label>
        <select
          id={id}
          value={value}
          onChange={({ target: { value: chosen } }) => {
            setValue(chosen)
            save(target, name, chosen === '' ? null : chosen)
          }}
        >
          <option value="">--</option>
          {ANSWERS.map((answer) => (
            <option key={answer}>{answer}</option>
          ))}
        </select>
      </div>
    )
  }
  return ({ properties, objectTypeId, objectId }: Any) => {
    const target = objectId === undefined ? undefined : { objectTypeId: String(objectTypeId), objectId: Number(objectId) }
    return (
      <div className="properties">
        {(properties as string[]).map((name) => (
          <Property key={name} target={target} name={name} />
        ))}
      </div>
    )
  }
}

/** One stand-in for each of HubSpot's components that the card uses. Their look is ours: HubSpot's own is not published. */
export const COMPONENTS = (list: ListSide): never =>
  ({
    Flex: box('div', 'flex'),
    Heading: box('h3', 'heading'),
    Text,
    Alert,
    List,
    Statistics: box('div', 'statistics'),
    StatisticsItem,
    StatusTag: box('span', 'tag'),
    Accordion,
    Table: ({ children }: Any) => <table>{children}</table>,
    TableHead: box('thead', ''),
    TableBody: box('tbody', ''),
    TableRow: box('tr', ''),
    TableHeader: box('th', ''),
    TableCell: box('td', ''),
    DescriptionList: box('dl', 'details'),
    DescriptionListItem,
    Button,
    LoadingSpinner,
    CrmPropertyList: propertyList(list),
  }) as never
