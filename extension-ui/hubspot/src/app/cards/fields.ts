import { PANEL_FIELDS, type PanelFields } from './panel-model/index.ts'

/** Values by property name, as HubSpot gives them: one that the viewer may not read, or that the portal has not, is missing. */
export type Properties = Readonly<Record<string, string | null>>

const PREFIX = 'assay_'
/** What is asked of a record. The same list every time: HubSpot asks again when it changes. */
export const PROPERTIES: string[] = PANEL_FIELDS.map((name) => PREFIX + name)
/** A company is also called by its name. */
export const COMPANY_PROPERTIES: string[] = ['name', ...PROPERTIES]

/** The property that holds a person's answer to an offer. */
export const answerProperty = (rank: string): string => `${PREFIX}offer_${rank}_response`

/** The values by their plain names, as a panel wants them. */
export const panelFields = (properties: Properties): PanelFields =>
  Object.fromEntries(PANEL_FIELDS.map((name) => [name, properties[PREFIX + name]]))

/** Whether the record has such properties at all, as far as the viewer may see. */
export const hasFields = (properties: Properties): boolean => PROPERTIES.some((name) => properties[name] !== undefined)

/** Whether anything stands in them. */
export const hasScores = (properties: Properties): boolean =>
  PROPERTIES.some((name) => properties[name] !== undefined && properties[name] !== null && properties[name] !== '')
