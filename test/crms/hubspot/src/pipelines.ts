import type { LiveRecord } from '@assay/shared'
import { instantText } from './values.ts'

interface Stage {
  readonly id: string
  readonly label: string
  readonly displayOrder: number
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: string
  readonly updatedAt: string
  readonly archived: boolean
  readonly writePermissions: string
}

interface Pipeline {
  readonly id: string
  readonly label: string
  readonly displayOrder: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly archived: boolean
  readonly stages: readonly Stage[]
}

export interface Pipelines {
  readonly deals: readonly Pipeline[]
  readonly tickets: readonly Pipeline[]
  /** What a stage means; null for an unknown one. */
  dealStage(id: string): { readonly isClosed: boolean; readonly isWon: boolean; readonly probability: string } | null
}

type StageRow = readonly [id: string, label: string, closed: boolean, probability: string]

const SALES: readonly StageRow[] = [
  ['appointmentscheduled', 'Appointment Scheduled', false, '0.2'],
  ['qualifiedtobuy', 'Qualified To Buy', false, '0.4'],
  ['presentationscheduled', 'Presentation Scheduled', false, '0.6'],
  ['decisionmakerboughtin', 'Decision Maker Bought-In', false, '0.8'],
  ['contractsent', 'Contract Sent', false, '0.9'],
  ['closedwon', 'Closed Won', true, '1.0'],
  ['closedlost', 'Closed Lost', true, '0.0'],
]

/** A pipeline somebody made: its stages have numbers for ids, and "won" is only to be told from the metadata. */
const CUSTOM: readonly StageRow[] = [
  ['96542117', 'Up for renewal', false, '0.5'],
  ['96542118', 'Offer sent', false, '0.7'],
  ['96542119', 'Renewed', true, '1.0'],
  ['96542120', 'Not renewed', true, '0.0'],
]

const TICKET_STAGES: readonly (readonly [string, string, boolean])[] = [
  ['1', 'New', false],
  ['2', 'Waiting on contact', false],
  ['3', 'Waiting on us', false],
  ['4', 'Closed', true],
]

/** The portal's pipelines: HubSpot's own, a custom one with numeric stage ids, and every stage that the sample of records is in. */
export function pipelinesOf(sample: Iterable<LiveRecord>): Pipelines {
  const deals = new Map<string, Map<string, StageRow>>([
    ['default', new Map(SALES.map((row) => [row[0], row]))],
    ['75391042', new Map(CUSTOM.map((row) => [row[0], row]))],
  ])
  const labels: Record<string, string> = { default: 'Sales Pipeline', '75391042': 'Renewals' }
  const tickets = new Map(TICKET_STAGES.map((row) => [row[0], row]))
  const pipelineOfDeal = new Map<string, string>()

  const addStage = (pipeline: string, stage: string, isClosed: boolean, isWon: boolean): void => {
    const stages = deals.get(pipeline) ?? new Map<string, StageRow>()
    deals.set(pipeline, stages)
    if (!stages.has(stage)) stages.set(stage, [stage, stage, isClosed, isClosed ? (isWon ? '1.0' : '0.0') : '0.5'])
  }

  for (const record of sample) {
    if (record.kind === 'deal') {
      const { pipeline, stage, isClosed, isWon } = (record as LiveRecord<'deal'>).body
      pipelineOfDeal.set(record.id, pipeline ?? 'default')
      if (stage !== null) addStage(pipeline ?? 'default', stage, isClosed ?? false, isWon ?? false)
    } else if (record.kind === 'dealHistory') {
      const { dealId, field, value, isClosed, isWon } = (record as LiveRecord<'dealHistory'>).body
      if (field === 'stage' && value !== null) addStage(pipelineOfDeal.get(dealId) ?? 'default', value, isClosed ?? false, isWon ?? false)
    } else if (record.kind === 'case') {
      const { status, closedAt } = (record as LiveRecord<'case'>).body
      if (status !== null && !tickets.has(status)) tickets.set(status, [status, status, closedAt !== null])
    }
  }

  const at = instantText(Date.UTC(2020, 0, 1))
  const pipeline = (id: string, label: string, displayOrder: number, stages: readonly Stage[]): Pipeline => ({
    id,
    label,
    displayOrder,
    createdAt: at,
    updatedAt: at,
    archived: false,
    stages,
  })
  const stage = (id: string, label: string, displayOrder: number, metadata: Readonly<Record<string, string>>): Stage => ({
    id,
    label,
    displayOrder,
    metadata,
    createdAt: at,
    updatedAt: at,
    archived: false,
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  })

  return {
    deals: [...deals].map(([id, stages], order) =>
      pipeline(
        id,
        labels[id] ?? id,
        order,
        [...stages.values()].map(([stageId, label, closed, probability], position) =>
          stage(stageId, label, position, { isClosed: String(closed), probability }),
        ),
      ),
    ),
    tickets: [
      pipeline(
        '0',
        'Support Pipeline',
        0,
        [...tickets.values()].map(([stageId, label, closed], position) =>
          stage(stageId, label, position, { ticketState: closed ? 'CLOSED' : 'OPEN', isClosed: String(closed) }),
        ),
      ),
    ],
    dealStage(id) {
      for (const stages of deals.values()) {
        const row = stages.get(id)
        if (row !== undefined) return { isClosed: row[2], isWon: row[2] && Number(row[3]) === 1, probability: row[3] }
      }
      return null
    },
  }
}
