import { comesAgain } from './columns.ts'
import type { TableHead } from './detect.ts'
import type { GivenMapping } from './given.ts'
import { OUTCOME_NAMES, plainName, SECTION_NAMES, type SectionName, wordsOf } from './sections.ts'

export interface Recognised {
  readonly files: Partial<Record<SectionName, string>>
  readonly unused: { readonly file: string; readonly why: string; readonly broken: boolean }[]
  readonly notes: string[]
}

/** Headers that say by themselves what a row of the file is, whatever the file is called. */
const MARKS: readonly (readonly [SectionName, readonly string[]])[] = [
  ['dealHistory', ['opportunityid', 'newvalue']],
  ['dealHistory', ['dealid', 'changedat']],
  ['lineItems', ['dealid', 'quantity']],
  ['lineItems', ['opportunityid', 'quantity']],
  ['lineItems', ['associateddealids', 'quantity']],
  ['deals', ['stagename', 'closedate']],
  ['deals', ['dealname', 'dealstage']],
  ['deals', ['salesstage', 'dateclosed']],
  ['deals', ['opportunityname', 'closedate']],
  ['deals', ['invoiceno', 'invoicedate']],
  ['deals', ['orderid', 'orderdate']],
  ['deals', ['dealstage', 'closedate']],
  ['deals', ['stage', 'closedate']],
  ['deals', ['invoice', 'invoicedate']],
  ['deals', ['order', 'orderdate']],
  ['deals', ['receipt', 'date']],
  ['deals', ['orderid', 'orderpurchasetimestamp']],
  ['deals', ['customerid', 'invoicedate']],
  ['deals', ['customerid', 'orderdate']],
  ['deals', ['customerid', 'purchasedate']],
  ['deals', ['customerid', 'transactiondate']],
  ['cases', ['casenumber']],
  ['cases', ['ticketname']],
  ['activities', ['activitydate']],
  ['activities', ['whoid', 'whatid']],
  ['activities', ['happenedat']],
  ['leads', ['leadsource', 'leadstatus']],
  ['leads', ['isconverted']],
  ['contacts', ['firstname', 'lastname', 'email']],
  ['accounts', ['companyname', 'companydomainname']],
  ['accounts', ['numberofemployees', 'annualrevenue']],
  ['products', ['productcode', 'productname']],
]

/**
 * Tables that a whole Salesforce export brings beside the records and names after them. They are often larger, and rows of them are no
 * records. Other histories are known by their columns.
 */
const BESIDE =
  /^(opportunityhistory|pricebook2|pricebookentry|(account|contact|lead|opportunity|case|contract|order|task|event|user|product2)(cleaninfo|comment|competitor|contactrole2?|contactrelation|feed|partner|relation|role|share|split|splittype|stage|tag|teammember|teamrole|teamtemplate|whorelation))$/

/** A row of such a table is a change of a record. */
const CHANGE = ['field', 'oldvalue', 'newvalue'] as const

/** `Customer_Export (2).csv.gz` → `customerexport2`. */
const stem = (file: string): string => plainName(file.replace(/^.*\//, '').replace(/\.(csv|tsv)(\.gz)?$/i, ''))

/** True when the file has a column for each thing the section cannot do without. */
function fits(section: SectionName, headers: ReadonlySet<string>): boolean {
  const words = wordsOf(section)
  return words.needs.every((keys) => keys.some((key) => words.fields[key]?.names.some((name) => headers.has(name)) ?? false))
}

/** Whether a file is called as its records are and nothing else: `Account`, `opportunities`, `Product2`. */
function isCalledAs(section: SectionName, file: string): boolean {
  const name = stem(file)
  return /^(|s|y|ies|\d+)$/.test(name.replace(wordsOf(section).files, ''))
}

/** What a file is by itself: by its name, then by its headers. */
function guess(head: TableHead): { section: SectionName; by: string } | null {
  const headers = new Set(head.header.map(plainName))
  const name = stem(head.file)
  if (/dictionary|readme|metadata/.test(name)) return null
  const isChange = CHANGE.every((header) => headers.has(header))
  const able = (section: SectionName): boolean => (section === 'dealHistory' || !isChange) && fits(section, headers)
  if (BESIDE.test(name)) return null
  const byName = SECTION_NAMES.filter((section) => wordsOf(section).files.test(name) && able(section))
  if (byName.length > 0) return { section: byName[0]!, by: 'its name' }
  const byMark = MARKS.find(([section, marks]) => marks.every((mark) => headers.has(mark)) && able(section))
  return byMark === undefined ? null : { section: byMark[0], by: 'its columns' }
}

/** Whether a file of deals holds one row per line of a deal. */
function holdsLines(head: TableHead): boolean {
  const headers = new Set(head.header.map(plainName))
  const has = (key: 'product' | 'quantity' | 'deal'): boolean => wordsOf('lineItems').fields[key]!.names.some((name) => headers.has(name))
  return has('product') && has('quantity') && has('deal')
}

/** Whether a file of lines also says whose order they are of, and when it was. */
function holdsOrders(head: TableHead): boolean {
  const headers = new Set(head.header.map(plainName))
  return (['id', 'account', 'closedAt'] as const).every((key) => wordsOf('deals').fields[key]!.names.some((name) => headers.has(name)))
}

/** Whether rows are what was bought, when, and by whom: customers come again. */
function holdsPurchases(head: TableHead): boolean {
  const headers = head.header.map(plainName)
  const find = (section: SectionName, key: string): number =>
    wordsOf(section)
      .fields[key]!.names.map((name) => headers.indexOf(name))
      .find((index) => index >= 0) ?? -1
  const [account, id] = [find('deals', 'account'), find('deals', 'id')]
  return (
    find('deals', 'closedAt') >= 0 &&
    (find('deals', 'amount') >= 0 || find('lineItems', 'quantity') >= 0) &&
    (account >= 0 ? comesAgain(head, account) : id >= 0 && comesAgain(head, id))
  )
}

const ONE_EACH = { section: 'accounts', by: 'being the only table, one row per customer' } as const

/** What the only table is, where neither name nor headers tell. */
const byItsRows = (head: TableHead): { section: SectionName; by: string } =>
  holdsPurchases(head)
    ? { section: 'deals', by: 'being the only table, with a day, money or a quantity, and several rows a customer' }
    : ONE_EACH

/**
 * Decides which file each section reads. What `mapping.json` names is taken as it is, and a file it names for one section
 * is not looked at for another; of two files for one section the one that is called as its records are is taken, else the larger.
 */
export function recognise(mapping: GivenMapping, heads: readonly TableHead[]): Recognised {
  const files: Partial<Record<SectionName, string>> = {}
  const unused: { file: string; why: string; broken: boolean }[] = []
  const notes: string[] = []
  const named = new Set<string>()
  for (const section of SECTION_NAMES) {
    const given = mapping.sections[section]
    if (given?.file !== undefined) {
      files[section] = given.file
      named.add(given.file)
    }
    if (given?.outcome?.file !== undefined) named.add(given.outcome.file)
  }
  const open = heads.filter((head) => !named.has(head.file))
  const guesses = new Map(open.map((head) => [head, head.problem === null ? guess(head) : null]))
  const isPlain = (head: TableHead): boolean => {
    const found = guesses.get(head) ?? null
    return found !== null && isCalledAs(found.section, head.file)
  }
  const largest = [...open].sort((a, b) => Number(isPlain(b)) - Number(isPlain(a)) || b.bytes - a.bytes || (a.file < b.file ? -1 : 1))
  // A folder of one table whose name says nothing: the one section that mapping.json describes without naming a file, or accounts.
  const described = SECTION_NAMES.filter((section) => mapping.sections[section] && files[section] === undefined)
  const outcomeTable = (head: TableHead): boolean => head.header.some((name) => plainName(name) in OUTCOME_NAMES)
  for (const head of largest) {
    if (head.problem !== null) {
      unused.push({ file: head.file, why: head.problem, broken: true })
      continue
    }
    const only = open.length === 1 && named.size === 0
    const found =
      (only && described.length > 0
        ? // Lines that are described beside their deals stand in the same file.
          { section: described.includes('deals') ? ('deals' as const) : described[0]!, by: 'mapping.json' }
        : guesses.get(head)) ?? (outcomeTable(head) ? ONE_EACH : only ? byItsRows(head) : null)
    if (found === null) {
      unused.push({ file: head.file, why: 'neither its name nor its columns say what it holds', broken: false })
    } else if (mapping.sections[found.section] === null) {
      unused.push({ file: head.file, why: `mapping.json says that there are no ${found.section}`, broken: false })
    } else if (files[found.section] !== undefined) {
      unused.push({ file: head.file, why: `${found.section} are read from ${files[found.section]}`, broken: false })
    } else {
      files[found.section] = head.file
      notes.push(`${head.file} was taken for ${found.section} by ${found.by}.`)
      if (found.section === 'deals' && files.lineItems === undefined && mapping.sections.lineItems !== null && holdsLines(head)) {
        files.lineItems = head.file
        notes.push(`${head.file} holds one row per line, so that lineItems are read from it too.`)
      }
    }
  }
  // Known only when all files were looked at: a file of the orders themselves goes before.
  const lines = largest.find(({ file }) => file === files.lineItems)
  if (lines !== undefined && files.deals === undefined && mapping.sections.deals !== null && holdsOrders(lines)) {
    files.deals = lines.file
    notes.push(`${lines.file} says whose order a line is of and when that was, so that deals are read from it too.`)
  }
  for (const section of described) {
    // Described but not found, with deals and lines in one file the common case.
    if (files[section] === undefined && section === 'lineItems' && files.deals !== undefined) files[section] = files.deals
  }
  return { files, unused, notes }
}
