// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
import { errorPanel } from './build.ts'
import { textOf } from './fields.ts'
import type { PanelView } from './view.ts'

// What a surface says of its own, before there is anything to say about a customer. Records are named in the CRM's own word, in small letters.

const noted = (title: string, text: string, headingLevel: number): PanelView => ({
  ...errorPanel(title, text, headingLevel),
  state: 'no-access',
  notice: { tone: 'info', title, text },
})

/** Whose scores these are, where they are not the record's own. */
export const scoresOf = (customer: string, name: string | null): string => `Scores of the ${customer} ${textOf(name)}`.trim()

export const noCustomer = (record: string, customer: string, headingLevel: number): PanelView =>
  noted(
    `This ${record} has no ${customer}`,
    `The scores are those of the ${customer}. Once the ${record} has one, they stand here.`,
    headingLevel,
  )

export const hiddenCustomer = (record: string, customer: string, headingLevel: number): PanelView =>
  noted(
    `You cannot see the ${customer}`,
    `The scores are those of the ${customer} of this ${record}. Ask your admin for permission to see it.`,
    headingLevel,
  )

export const outOfReach = (headingLevel: number): PanelView =>
  noted('You cannot see this record', 'It was deleted, or you may not open it.', headingLevel)

/** The CRM did not give the record. */
export const notLoaded = (crm: string, why: string, headingLevel: number): PanelView =>
  errorPanel('The scores could not be loaded', why === '' ? `${crm} did not say why.` : `${crm} says: ${why}`, headingLevel)
