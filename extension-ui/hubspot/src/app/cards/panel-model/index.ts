// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
export { ANSWERS, type Answering, answersTo, type AnswerView, CHANGED_MEANWHILE, notSaved, pressed } from './answers.ts'
export { buildPanel, errorPanel, type PanelOptions } from './build.ts'
export { PANEL_FIELDS, type PanelFieldName, type PanelFields, type PanelFieldValue, textOf } from './fields.ts'
export type { History } from './history.ts'
export { hiddenCustomer, noCustomer, notLoaded, outOfReach, scoresOf } from './notices.ts'
export type { Reason } from './reasons.ts'
export type { Offer, PanelState, PanelView, Tone } from './view.ts'
