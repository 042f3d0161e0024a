// @ts-check
import { LightningElement, api, wire } from 'lwc'
import { getRecord, notifyRecordUpdateAvailable, updateRecord } from 'lightning/uiRecordApi'
import { getObjectInfo } from 'lightning/uiObjectInfoApi'
import LOCALE from '@salesforce/i18n/locale'
import TIME_ZONE from '@salesforce/i18n/timeZone'
import {
  CHANGED_MEANWHILE,
  buildPanel,
  hiddenCustomer,
  noCustomer,
  notLoaded,
  notSaved,
  outOfReach,
  pressed,
  scoresOf,
  textOf,
} from 'c/assayPanelModel'
import { answerRecord, settled } from './answering'
import { drawing } from './drawing'
import { RECORD_FIELDS, answerDayField, answerField, panelFields, valueOf } from './fields'
import { isConflict, isOutOfReach, refusalOf } from './refusal'
import { CRM, CUSTOMER, HEADING_LEVEL, called } from './words'
import { accountOf, whose } from './whose'

/**
 * The panel of a customer on a record page. It reads the published fields with the viewer's own permissions, says what
 * the panel model makes of them, and stores the answers that people give to offers. It decides nothing.
 */
export default class AssayPanel extends LightningElement {
  @api recordId
  @api objectApiName
  @api cardTitle = 'Assay'
  @api staleAfterDays = 10
  @api hideOffers = false

  said
  saidOfAccount
  saidOfObject
  /** By rank of the offer; belongs to `answered`. */
  answering = {}
  answered = ''
  resting = false
  /** Answers are stored one after the other: each must know of the change that the one before it made. */
  stored = Promise.resolve()
  lastStored = { id: '', at: '' }

  get readId() {
    return this.resting ? undefined : this.recordId
  }

  get recordFields() {
    return RECORD_FIELDS[this.objectApiName]
  }

  @wire(getRecord, { recordId: '$readId', optionalFields: '$recordFields' })
  wiredRecord(said) {
    this.said = { ...said, about: this.recordId }
    this.settle(said)
  }

  get accountId() {
    return this.resting ? undefined : accountOf(this.recordId, this.objectApiName, this.said)
  }

  accountFields = RECORD_FIELDS.Account

  @wire(getRecord, { recordId: '$accountId', optionalFields: '$accountFields' })
  wiredAccount(said) {
    this.saidOfAccount = { ...said, about: this.accountId }
    this.settle(said)
  }

  get customerObject() {
    return this.found.object
  }

  @wire(getObjectInfo, { objectApiName: '$customerObject' })
  wiredObject(said) {
    this.saidOfObject = said
  }

  get found() {
    return whose(this.recordId, this.objectApiName, this.said, this.saidOfAccount)
  }

  /** One view in a list, so that the template asks for it once. Empty while waiting. */
  get panels() {
    const found = this.found
    return found.found === 'waiting' ? [] : [{ key: 'panel', ...this.draw(found) }]
  }

  get waiting() {
    return this.found.found === 'waiting'
  }

  draw(found) {
    const { view, again } = this.view(found)
    return drawing(this.hideOffers ? { ...view, offers: null } : view, {
      from: typeof found.from === 'string' ? scoresOf(CUSTOMER, found.from) : '',
      again,
      choices: this.choices(found),
      answering: this.answeringOf(found),
    })
  }

  view(found) {
    const hidden = hiddenCustomer(called(this.objectApiName), CUSTOMER, HEADING_LEVEL)
    if (found.found === 'no account') return { view: noCustomer(called(this.objectApiName), CUSTOMER, HEADING_LEVEL), again: false }
    if (found.found === 'hidden account') return { view: hidden, again: false }
    if (found.found === 'failed') {
      const refusal = refusalOf(found.error)
      if (!isOutOfReach(refusal)) return { view: notLoaded(CRM, refusal.text, HEADING_LEVEL), again: true }
      return { view: found.where === 'account' ? hidden : outOfReach(HEADING_LEVEL), again: false }
    }
    const answers = Object.fromEntries(
      Object.keys(this.answeringOf(found)).map((rank) => [`offer_${rank}_response`, this.given(found, Number(rank))]),
    )
    const options = { now: Date.now(), locale: LOCALE, staleAfterDays: this.staleAfterDays, headingLevel: HEADING_LEVEL }
    return { view: buildPanel({ ...panelFields(found.record), ...answers }, options), again: false }
  }

  answeringOf(found) {
    return found.record && found.record.id === this.answered ? this.answering : {}
  }

  /** What stands as answer: what was pressed, until Salesforce has said no to it. */
  given(found, rank) {
    const now = this.answeringOf(found)[rank]
    return now?.phase === 'saving' || now?.phase === 'saved' ? now.value : valueOf(found.record, answerField(rank))
  }

  /** Whether this person may answer: the right to the field is asked for before a button is shown. */
  choices(found) {
    if (found.found !== 'customer') return 'closed'
    const info = this.saidOfObject?.data
    if (info && info.apiName === found.object) return info.fields[answerField(1)]?.updateable ? 'open' : 'closed'
    // Without an answer about rights, saving will tell.
    return this.saidOfObject?.error === undefined ? 'unknown' : 'open'
  }

  dayFieldFor(found, rank) {
    const name = answerDayField(rank)
    const info = this.saidOfObject?.data
    const may = info ? info.fields[name]?.updateable === true : valueOf(found.record, name) !== undefined
    return may ? name : null
  }

  answer(event) {
    const found = this.found
    if (found.found !== 'customer') return
    const { rank, value: chosen } = event.currentTarget.dataset
    const value = pressed({ answer: textOf(this.given(found, Number(rank))) }, chosen)
    const { id } = found.record
    const one = { phase: 'saving', value, text: '' }
    this.answering = { ...this.answeringOf(found), [rank]: one }
    this.answered = id
    const record = answerRecord({
      id,
      answer: answerField(Number(rank)),
      day: this.dayFieldFor(found, Number(rank)),
      value,
      now: Date.now(),
      timeZone: TIME_ZONE,
    })
    this.stored = this.stored.then(() => this.store(record, rank, one))
  }

  async store(record, rank, one) {
    const { Id: id } = record.fields
    try {
      const unmodified = this.modifiedOf(id)
      // The offers may have changed since they were shown: an answer to another offer is worse than none.
      const saved = await updateRecord(record, unmodified === '' ? undefined : { ifUnmodifiedSince: unmodified })
      this.lastStored = { id, at: saved?.lastModifiedDate ?? '' }
      this.note(id, rank, one, { ...one, phase: 'saved' })
    } catch (error) {
      const refusal = refusalOf(error)
      const text = isConflict(refusal) ? CHANGED_MEANWHILE : notSaved(refusal.text)
      this.note(id, rank, one, { ...one, phase: 'refused', text })
      if (isConflict(refusal)) notifyRecordUpdateAvailable([{ recordId: id }])
    }
  }

  /** The outcome of an answer, unless the person has gone on to another customer or another answer. */
  note(id, rank, one, outcome) {
    if (this.answered === id && this.answering[rank] === one) this.answering = { ...this.answering, [rank]: outcome }
  }

  modifiedOf(id) {
    const { record } = this.found
    const read = record && record.id === id ? textOf(valueOf(record, 'LastModifiedDate')) : ''
    return this.lastStored.id === id && this.lastStored.at > read ? this.lastStored.at : read
  }

  /** Fresh values are the truth: from now on they say whether an answer was kept. */
  settle({ data }) {
    if (data?.id !== this.answered) return
    this.answering = settled(this.answering, (rank) => textOf(valueOf(data, answerField(Number(rank)))))
  }

  /** Asks Salesforce once more, after an error. */
  async again() {
    this.resting = true
    this.said = undefined
    this.saidOfAccount = undefined
    // A wire goes to rest, and wakes up, between two turns.
    await Promise.resolve()
    this.resting = false
  }
}
