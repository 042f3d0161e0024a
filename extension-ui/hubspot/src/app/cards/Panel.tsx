import { Button, LoadingSpinner } from '@hubspot/ui-extensions'
import { useAssociations, useCrmProperties } from '@hubspot/ui-extensions/crm'
import { COMPANY_PROPERTIES, panelFields, PROPERTIES, type Properties } from './fields.ts'
import { buildPanel, noCustomer, notLoaded, type PanelView, scoresOf } from './panel-model/index.ts'
import { View } from './View.tsx'
import { whose } from './whose.ts'

/** HubSpot's ids of the object types whose records have this card. */
const CONTACT = '0-1'
const COMPANY = '0-2'
/** Sections stand below the card's own heading; HubSpot decides about levels. */
const LEVEL = 3
const ASSOCIATED = { toObjectType: COMPANY, properties: COMPANY_PROPERTIES, pageLength: 100 }

export interface PanelProps {
  readonly record: { readonly objectId: number; readonly objectTypeId: string }
  readonly locale: string | undefined
}

/** The scores of the customer behind a record, read with the viewer's own rights. It decides nothing. */
export function Panel({ record, locale }: PanelProps) {
  // One component for each way to ask, because what is asked must not change while it is shown.
  if (record.objectTypeId === COMPANY) return <OfCompany locale={locale} />
  if (record.objectTypeId === CONTACT) return <OfContact locale={locale} />
  return <OfDeal locale={locale} />
}

type Shown = Pick<PanelProps, 'locale'>

function OfCompany({ locale }: Shown) {
  const own = useCrmProperties(PROPERTIES)
  const said = standing(own, (held) => Object.keys(held.properties).length > 0)
  if (said !== 'there') return <Otherwise said={said} again={() => void own.refetch()} />
  return <View view={viewOf(own.properties, locale)} />
}

function OfContact({ locale }: Shown) {
  const own = useCrmProperties(PROPERTIES)
  const companies = useAssociations(ASSOCIATED)
  const again = (): void => {
    void own.refetch()
    void companies.refetch()
  }
  const saids = [standing(own, (held) => Object.keys(held.properties).length > 0), standing(companies, (held) => held.results.length > 0)]
  const said = saids.find((one) => one !== 'there' && one !== 'waiting') ?? saids.find((one) => one === 'waiting')
  if (said !== undefined) return <Otherwise said={said} again={again} />
  return <OfWhom record="contact" own={own.properties} associated={companies.results} locale={locale} />
}

function OfDeal({ locale }: Shown) {
  const companies = useAssociations(ASSOCIATED)
  const said = standing(companies, (held) => held.results.length > 0)
  if (said !== 'there') return <Otherwise said={said} again={() => void companies.refetch()} />
  return <OfWhom record="deal" own={null} associated={companies.results} locale={locale} />
}

interface OfWhomProps extends Shown {
  readonly record: string
  readonly own: Properties | null
  readonly associated: Parameters<typeof whose>[1]
}

function OfWhom({ record, own, associated, locale }: OfWhomProps) {
  const customer = whose(own, associated)
  if (customer.found === 'own') return <View view={viewOf(own ?? {}, locale)} />
  if (customer.found === 'nobody') return <View view={noCustomer(record, 'company', LEVEL)} />
  return (
    <View
      view={viewOf(customer.properties, locale)}
      from={scoresOf('company', customer.name)}
      of={{ objectTypeId: COMPANY, objectId: customer.id }}
    />
  )
}

const viewOf = (properties: Properties, locale: string | undefined): PanelView =>
  buildPanel(panelFields(properties), {
    now: Date.now(),
    headingLevel: LEVEL,
    ...(locale === undefined ? {} : { locale: locale.replace('_', '-') }),
  })

interface Asked {
  readonly isLoading: boolean
  readonly isRefetching: boolean
  readonly error: Error | null
}

/**
 * Where a question stands. What was answered stays on the page while HubSpot asks anew, also when that fails; what was never
 * answered is waited for, so that nothing wrong is shown on the way.
 */
function standing<T extends Asked>(asked: T, holdsSomething: (asked: T) => boolean): 'there' | 'waiting' | Error {
  if (asked.isLoading) return 'waiting'
  if (holdsSomething(asked)) return 'there'
  if (asked.isRefetching) return 'waiting'
  return asked.error ?? 'there'
}

function Otherwise({ said, again }: { readonly said: 'waiting' | Error; readonly again: () => void }) {
  if (said === 'waiting') return <LoadingSpinner label="Loading the scores" layout="centered" />
  return (
    <View view={notLoaded('HubSpot', said.message, LEVEL)}>
      <Button onClick={again}>Try again</Button>
    </View>
  )
}
