import {
  Accordion,
  Alert,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Heading,
  List,
  Statistics,
  StatisticsItem,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from '@hubspot/ui-extensions'
import type { ReactNode } from 'react'
import { Offers } from './Offers.tsx'
import type { PanelView, Reason, Tone } from './panel-model/index.ts'

const TAGS = { good: 'success', caution: 'warning', bad: 'danger', neutral: 'default' } as const satisfies Readonly<Record<Tone, string>>

export interface ViewProps {
  readonly view: PanelView
  /** Whose scores these are, where they are not the record's own. */
  readonly from?: string
  /** The record that holds them, where it is not the one that is open. */
  readonly of?: { readonly objectTypeId: string; readonly objectId: number }
  /** What can be done about the notice. */
  readonly children?: ReactNode
}

/** The whole panel in HubSpot's own components, top to bottom, in the order of the view. */
export function View({ view, from = '', of, children }: ViewProps) {
  // Below the gate the facts are what helps; why there is no number comes after them.
  const factsFirst = view.facts !== null
  return (
    <Flex direction="column" gap="medium">
      {from === '' ? null : <Text variant="microcopy">{from}</Text>}
      {factsFirst ? null : <Notice view={view}>{children}</Notice>}
      <Action view={view} />
      <Facts view={view} />
      {factsFirst ? <Notice view={view}>{children}</Notice> : null}
      <Score view={view} />
      <Reasons view={view} />
      {view.offers === null ? null : <Offers offers={view.offers} of={of} />}
      <Details view={view} />
      <Last view={view} />
    </Flex>
  )
}

interface Part {
  readonly view: PanelView
}

function Notice({ view: { notice }, children }: Part & { readonly children?: ReactNode }) {
  if (notice === null) return null
  return (
    <Flex direction="column" gap="small">
      <Alert title={notice.title} variant={notice.tone}>
        {notice.text}
      </Alert>
      {children}
    </Flex>
  )
}

function Section({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Flex direction="column" gap="extra-small">
      <Heading>{heading}</Heading>
      {children}
    </Flex>
  )
}

function Action({ view: { action } }: Part) {
  if (action === null) return null
  return (
    <Section heading={action.heading}>
      <Text>{action.text}</Text>
    </Section>
  )
}

function Facts({ view: { facts } }: Part) {
  if (facts === null) return null
  return (
    <Section heading={facts.heading}>
      <List variant="unordered">
        {facts.items.map((fact) => (
          <Text key={fact.key}>{fact.text}</Text>
        ))}
      </List>
    </Section>
  )
}

function Score({ view: { score, trend, history } }: Part) {
  if (score === null) return null
  return (
    <Flex direction="column" gap="extra-small">
      <Statistics>
        <StatisticsItem label={score.heading} number={score.text} />
      </Statistics>
      <Flex direction="row" gap="small" align="center" wrap="wrap">
        {score.band === '' ? null : <StatusTag variant={TAGS[score.tone]}>{score.band}</StatusTag>}
        {trend === null ? null : <Text inline>{trend.arrow === '' ? trend.text : `${trend.arrow} ${trend.text}`}</Text>}
      </Flex>
      <Text variant="microcopy">{`${score.meaning}. ${score.direction}`}</Text>
      {history === null ? null : (
        <Accordion title={history.summary} size="xs">
          <Table density="condensed" flush>
            <TableHead>
              <TableRow>
                <TableHeader>Day</TableHeader>
                <TableHeader>Risk</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {history.points.map((point) => (
                <TableRow key={point.key}>
                  <TableCell>{point.day}</TableCell>
                  <TableCell>{point.risk}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Accordion>
      )}
    </Flex>
  )
}

function Reasons({ view: { reasons } }: Part) {
  if (reasons === null) return null
  return (
    <Section heading={reasons.heading}>
      {reasons.items.length === 0 ? null : (
        <List variant="unordered">
          {reasons.items.map((reason) => (
            <ReasonLine key={reason.key} reason={reason} />
          ))}
        </List>
      )}
      <Text variant="microcopy">{reasons.note}</Text>
    </Section>
  )
}

function ReasonLine({ reason: { text, arrow, effect, restricted } }: { readonly reason: Reason }) {
  return (
    <Flex direction="row" gap="extra-small" wrap="wrap">
      <Text inline>{text}</Text>
      {effect === '' ? null : (
        <Text inline format={{ fontWeight: 'demibold' }}>
          {arrow === '' ? effect : `${arrow} ${effect}`}
        </Text>
      )}
      {restricted === '' ? null : (
        <Text inline variant="microcopy">
          {restricted}
        </Text>
      )}
    </Flex>
  )
}

function Details({ view: { details } }: Part) {
  if (details === null) return null
  return (
    <Section heading={details.heading}>
      <DescriptionList direction="row">
        {details.items.map((item) => (
          <DescriptionListItem key={item.key} label={item.label}>
            <Text>{item.text}</Text>
          </DescriptionListItem>
        ))}
      </DescriptionList>
    </Section>
  )
}

function Last({ view: { score, footer, about } }: Part) {
  if (footer === '' && about === '') return null
  return (
    <Flex direction="column" gap="extra-small">
      {footer === '' ? null : <Text variant="microcopy">{footer}</Text>}
      {about === '' ? null : score === null ? (
        // Without a score the note says why there is none: too important to fold away.
        <Text variant="microcopy">{about}</Text>
      ) : (
        <Accordion title="About this score" size="xs">
          <Text variant="microcopy">{about}</Text>
        </Accordion>
      )}
    </Flex>
  )
}
