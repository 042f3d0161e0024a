import { Flex, Heading, Text } from '@hubspot/ui-extensions'
import { CrmPropertyList } from '@hubspot/ui-extensions/crm'
import { answerProperty } from './fields.ts'
import type { Offer, PanelView } from './panel-model/index.ts'

interface Answered {
  /** The record that holds the answers; undefined: the one that is open. */
  readonly of: { readonly objectTypeId: string; readonly objectId: number } | undefined
}

export function Offers({ offers, of }: Answered & { readonly offers: NonNullable<PanelView['offers']> }) {
  return (
    <Flex direction="column" gap="small">
      <Heading>{offers.heading}</Heading>
      {offers.items.map((offer) => (
        <OneOffer key={offer.key} offer={offer} of={of} />
      ))}
    </Flex>
  )
}

/**
 * An offer, and below it HubSpot's own list of the property that holds the answer: a card has no other way to write that
 * needs no server. People choose Accepted, Not now or Not relevant; HubSpot saves it with their rights, and says so when it cannot.
 */
function OneOffer({ offer, of }: Answered & { readonly offer: Offer }) {
  return (
    <Flex direction="column" gap="flush">
      <Flex direction="row" gap="extra-small" wrap="wrap" align="baseline">
        <Text inline format={{ fontWeight: 'bold' }}>
          {offer.name}
        </Text>
        {offer.code === '' ? null : (
          <Text inline variant="microcopy">
            {offer.code}
          </Text>
        )}
      </Flex>
      {offer.why === '' ? null : <Text>{offer.why}</Text>}
      <CrmPropertyList properties={[answerProperty(offer.rank)]} {...of} />
      {/* Of another record HubSpot tells no change, and an old answer beside a new one would be wrong. */}
      {offer.response === '' || of !== undefined ? null : <Text variant="microcopy">{offer.response}</Text>}
    </Flex>
  )
}
