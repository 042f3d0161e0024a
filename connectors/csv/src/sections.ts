import type { Kind } from '@assay/shared'

export type FieldType = 'text' | 'number' | 'flag' | 'instant'

/**
 * One column that a section of `mapping.json` may name.
 * `member` is where its value goes in the record's body; null for columns that steer (id, version, deletion).
 * `names` are the headers by which it is found without being named, best first, in the form `plainName` gives.
 */
export interface Field {
  readonly member: string | null
  readonly type: FieldType
  readonly names: readonly string[]
}

export interface SectionWords {
  readonly kind: Kind | null
  /** File names (without extension, in plain form) that say what is in the file. */
  readonly files: RegExp
  readonly fields: Readonly<Record<string, Field>>
  /** Keys of which at least one must be found, or the file is not taken for this section by itself. */
  readonly needs: readonly (readonly string[])[]
}

const text = (member: string | null, ...names: string[]): Field => ({ member, type: 'text', names })
const number = (member: string | null, ...names: string[]): Field => ({ member, type: 'number', names })
const flag = (member: string | null, ...names: string[]): Field => ({ member, type: 'flag', names })
const instant = (member: string | null, ...names: string[]): Field => ({ member, type: 'instant', names })

/** What the money of a sale is called where nothing is called an amount. */
const takings = ['sales', 'turnover', 'salesamount', 'netamount', 'grossamount', 'invoiceamount', 'betrag', 'umsatz'] as const
const created = instant('createdAt', 'createdat', 'createddate', 'createdate', 'dateentered', 'datecreated', 'createdon', 'creationdate')
const owner = (...names: string[]): Field =>
  text('ownerId', 'ownerid', 'hubspotownerid', 'assigneduserid', 'owner', ...names, 'assignedto', 'assignedusername')
/** What shops, tills and bookkeeping call the number of a purchase. */
const invoices = [
  'invoice',
  'order',
  'receipt',
  'receiptid',
  'receiptno',
  'receiptnumber',
  'billno',
  'billnumber',
  'billid',
  'salesorder',
  'salesid',
  'saleid',
  'salesordernumber',
  'transactionno',
  'transactionnumber',
  'basketid',
  'documentno',
  'rechnungsnummer',
  'bestellnummer',
  'auftragsnummer',
] as const
const account = text(
  'accountId',
  'accountid',
  'customerid',
  'companyid',
  'associatedcompanyidsprimary',
  'associatedcompanyids',
  'associatedcompanyid',
  'primaryassociatedcompanyid',
  'clientid',
  'customerno',
  'customernumber',
  'account',
  'customer',
  'company',
  'custid',
  'customercode',
  'buyerid',
  'kundennummer',
  'kundennr',
  'accountname',
  'companyname',
  'customername',
  'associatedcompany',
)
const contact = text('contactId', 'contactid', 'associatedcontactids', 'associatedcontactid', 'whoid', 'personid', 'contactname')
const deal = text(
  'dealId',
  'dealid',
  'opportunityid',
  'orderid',
  'invoiceid',
  'invoiceno',
  'invoicenumber',
  'ordernumber',
  'orderno',
  'associateddealids',
  'associateddealid',
  'opportunityname',
  ...invoices,
)
const currency = text('currency', 'currency', 'currencyisocode', 'currencycode', 'dealcurrencycode', 'currencyid', 'opportunitycurrency')
/** Columns of every section: which version of the record a row is, and whether it is gone. */
const everywhere = {
  updatedAt: instant(
    null,
    'updatedat',
    'lastmodifieddate',
    'systemmodstamp',
    'datemodified',
    'modifiedat',
    'hslastmodifieddate',
    'modifieddate',
  ),
  knownAt: instant(null, 'knownat'),
  deleted: flag(null, 'isdeleted', 'deleted'),
}
const country = text(
  'country',
  'country',
  'billingcountry',
  'countryregion',
  'mailingcountry',
  'billingaddresscountry',
  'primaryaddresscountry',
)
const city = text('city', 'city', 'billingcity', 'billingaddresscity')

/** Every section of `mapping.json`: its keys, and the names under which exports carry them. */
const SECTIONS = {
  dealHistory: {
    kind: 'dealHistory',
    files: /^(deal|opportunity|opp|opportunities)(s|field|stage)*history|^stagehistory|^dealhistories/,
    needs: [['deal'], ['changedAt'], ['field']],
    fields: {
      id: text(null, 'id'),
      deal,
      field: text('field', 'field', 'property', 'fieldevent', 'fieldname'),
      value: text('value', 'value', 'newvalue', 'aftervaluestring', 'aftervalue'),
      isClosed: flag('isClosed', 'isclosed'),
      isWon: flag('isWon', 'iswon'),
      changedAt: instant('changedAt', 'changedat', 'createddate', 'editdate', 'datecreated', 'timestamp', 'changedon'),
    },
  },
  lineItems: {
    kind: 'lineItem',
    files:
      /lineitem|orderline|orderitem|orderdetail|orderproduct|opportunityproduct|opportunityline|quoteline|invoiceline|revenuelineitem|invoiceitem/,
    needs: [['deal'], ['product', 'name', 'sku']],
    fields: {
      id: text(null, 'id', 'lineitemid', 'recordid', 'opportunitylineitemid', 'opportunityproductid', 'revenuelineitemid'),
      deal,
      product: text(
        'productId',
        'productid',
        'product2id',
        'stockcode',
        'productcode',
        'itemid',
        'itemcode',
        'producttemplateid',
        'hsproductid',
        'product',
        'productname',
        'articleid',
        'articleno',
        'artikelnummer',
      ),
      sku: text('sku', 'sku', 'hssku', 'articlenumber', 'productcode'),
      name: text('name', 'name', 'description', 'productname', 'lineitemname', 'itemname'),
      quantity: number('quantity', 'quantity', 'qty', 'units', 'quantityordered', 'orderquantity', 'menge', 'anzahl'),
      unitPrice: number('unitPrice', 'unitprice', 'price', 'salesprice', 'discountprice', 'listprice', 'priceeach', 'einzelpreis'),
      amount: number(
        'amount',
        'amount',
        'totalprice',
        'netprice',
        'linetotal',
        'total',
        'totalamount',
        'lineamount',
        'extendedprice',
        'revenue',
        ...takings,
      ),
      currency,
      createdAt: created,
      ...everywhere,
    },
  },
  accounts: {
    kind: 'account',
    files: /account|customer|compan(y|ies)|client|organi[sz]ation/,
    needs: [],
    fields: {
      id: text(
        null,
        'id',
        'accountid',
        'customerid',
        'companyid',
        'recordid',
        'recordidcompany',
        'clientid',
        'customerno',
        'account',
        'accountname',
        'companyname',
        'customer',
        'company',
      ),
      name: text('name', 'name', 'accountname', 'companyname', 'customername', 'company', 'account'),
      domain: text('domain', 'domain', 'companydomainname', 'website', 'websiteurl'),
      industry: text('industry', 'industry', 'sector'),
      type: text('type', 'type', 'accounttype', 'customertype'),
      country,
      city,
      employees: number('employees', 'employees', 'numberofemployees', 'noofemployees', 'numemployees', 'employeecount'),
      annualRevenue: number('annualRevenue', 'annualrevenue', 'revenue'),
      owner: owner('accountowner', 'companyowner'),
      parent: text('parentId', 'parentid', 'parentaccountid', 'parentcompany', 'parentcompanyid', 'parentaccount', 'memberofid'),
      createdAt: created,
      ...everywhere,
    },
  },
  contacts: {
    kind: 'contact',
    files: /contact|people|person/,
    needs: [['email', 'account', 'name']],
    fields: {
      id: text(null, 'id', 'contactid', 'recordid', 'recordidcontact', 'personid'),
      account,
      name: text('name', 'name', 'fullname', 'contactname', 'contact'),
      email: text('email', 'email', 'emailaddress', 'email1', 'primaryemail'),
      title: text('title', 'title', 'jobtitle'),
      country,
      owner: owner('contactowner'),
      createdAt: created,
      ...everywhere,
    },
  },
  leads: {
    kind: 'lead',
    files: /lead|prospect|mql/,
    needs: [],
    fields: {
      id: text(null, 'id', 'leadid', 'recordid', 'mqlid', 'prospectid'),
      name: text('name', 'name', 'fullname', 'leadname'),
      company: text('company', 'company', 'companyname', 'companyaccount', 'accountname'),
      source: text('source', 'source', 'leadsource', 'origin', 'originalsource'),
      status: text('status', 'status', 'leadstatus'),
      owner: owner('leadowner'),
      createdAt: instant('createdAt', ...created.names, 'firstcontactdate'),
      convertedAt: instant('convertedAt', 'convertedat', 'converteddate', 'dateconverted', 'conversiondate'),
      account: text('accountId', 'accountid', 'convertedaccountid'),
      contact: text('contactId', 'contactid', 'convertedcontactid'),
      ...everywhere,
    },
  },
  deals: {
    kind: 'deal',
    files: /deal|opportunit|pipeline|order|invoice|sale|transaction|purchase|retail/,
    needs: [
      ['closedAt', 'openedAt', 'createdAt'],
      ['account', 'contact', 'amount', 'stage', 'name', 'id'],
    ],
    fields: {
      id: text(
        null,
        'id',
        'dealid',
        'opportunityid',
        'orderid',
        'invoiceno',
        'invoiceid',
        'recordid',
        'recordiddeal',
        'invoicenumber',
        'ordernumber',
        'orderno',
        'transactionid',
        ...invoices,
      ),
      name: text('name', 'name', 'dealname', 'opportunityname'),
      account,
      contact,
      owner: owner('dealowner', 'opportunityowner', 'salesagent', 'salesrep'),
      pipeline: text('pipeline', 'pipeline', 'dealpipeline'),
      stage: text('stage', 'stage', 'stagename', 'dealstage', 'salesstage', 'opportunitystage'),
      isClosed: flag('isClosed', 'isclosed', 'hsisclosed', 'isdealclosed', 'closed'),
      isWon: flag('isWon', 'iswon', 'isclosedwon', 'hsisclosedwon', 'won'),
      amount: number(
        'amount',
        'amount',
        'closevalue',
        'dealamount',
        'opportunityamount',
        'totalamount',
        'total',
        'amountinvoiced',
        'likely',
        'revenue',
        ...takings,
      ),
      currency,
      homeAmount: number(
        'homeAmount',
        'homeamount',
        'amountincompanycurrency',
        'hsamountinhomecurrency',
        'amountconverted',
        'amountusdollar',
      ),
      type: text('type', 'type', 'dealtype', 'opportunitytype'),
      openedAt: instant('createdAt', 'openedat', 'engagedate', 'opendate', 'openeddate'),
      createdAt: created,
      closedAt: instant(
        'closedAt',
        'closedat',
        'closedate',
        'dateclosed',
        'invoicedate',
        'orderdate',
        'expectedclosedate',
        'closeddate',
        'transactiondate',
        'purchasedate',
        'saledate',
        'salesdate',
        'orderpurchasetimestamp',
        'purchasetimestamp',
        'ordertimestamp',
        'orderdatetime',
        'orderedat',
        'purchasedat',
        'invoicedatetime',
        'receiptdate',
        'billdate',
        'billingdate',
        'transactiontime',
        'transactiontimestamp',
        'rechnungsdatum',
        'bestelldatum',
        'kaufdatum',
        'date',
      ),
      ...everywhere,
    },
  },
  products: {
    kind: 'product',
    files: /product|catalog|pricebook/,
    needs: [['id', 'name', 'sku']],
    fields: {
      id: text(null, 'id', 'productid', 'product2id', 'recordid', 'stockcode', 'productcode', 'product', 'sku'),
      name: text('name', 'name', 'productname', 'description', 'product'),
      sku: text('sku', 'sku', 'productcode', 'hssku', 'mftpartnum'),
      family: text('family', 'family', 'productfamily', 'category', 'series', 'productcategory', 'producttype'),
      price: number('price', 'price', 'unitprice', 'listprice', 'salesprice', 'discountprice'),
      currency,
      isActive: flag('isActive', 'isactive', 'active'),
      createdAt: created,
      ...everywhere,
    },
  },
  activities: {
    kind: 'activity',
    files: /activit|^tasks?$|^events?$|engagement|^calls?$|^emails?$|meeting|^notes?$/,
    needs: [['happenedAt', 'createdAt']],
    fields: {
      id: text(null, 'id', 'activityid', 'recordid', 'taskid', 'eventid', 'engagementid'),
      type: text('type', 'type', 'activitytype', 'tasksubtype', 'engagementtype'),
      direction: text('direction', 'direction', 'calltype', 'calldirection', 'emaildirection'),
      account: text('accountId', ...account.names.slice(0, 7), 'whatid'),
      contact,
      deal: text('dealId', 'dealid', 'opportunityid', 'associateddealids'),
      owner: owner('activityassignedto'),
      happenedAt: instant(
        'happenedAt',
        'happenedat',
        'activitydate',
        'activitydatetime',
        'startdatetime',
        'datestart',
        'hstimestamp',
        'date',
        'timestamp',
      ),
      createdAt: created,
      duration: number('durationSeconds', 'durationseconds', 'calldurationinseconds', 'duration'),
      result: text('outcome', 'outcome', 'callresult', 'calldisposition', 'callanddealoutcome', 'meetingoutcome'),
      ...everywhere,
    },
  },
  cases: {
    kind: 'case',
    files: /case|ticket|complaint|incident|support/,
    needs: [['createdAt']],
    fields: {
      id: text(null, 'id', 'caseid', 'ticketid', 'recordid', 'casenumber'),
      account,
      contact,
      subject: text('subject', 'subject', 'ticketname', 'name'),
      category: text('category', 'category', 'type', 'casereason', 'reason'),
      priority: text('priority', 'priority'),
      status: text('status', 'status', 'ticketstatus', 'casestatus'),
      createdAt: instant('createdAt', ...created.names, 'opendate', 'datetimeopened', 'openeddate'),
      closedAt: instant('closedAt', 'closedat', 'closeddate', 'closedate', 'datetimeclosed', 'resolveddate', 'dateclosed'),
      ...everywhere,
    },
  },
  subscriptions: {
    kind: 'subscription',
    files: /subscription|contract|membership/,
    needs: [
      ['startedAt', 'endedAt', 'renewsAt'],
      ['account', 'contact'],
    ],
    fields: {
      id: text(null, 'id', 'subscriptionid', 'contractid', 'recordid', 'contractnumber'),
      account,
      contact,
      product: text('productId', 'productid', 'product2id', 'product'),
      status: text('status', 'status'),
      startedAt: instant('startedAt', 'startedat', 'startdate', 'contractstartdate', 'datestart', 'started', 'start'),
      endedAt: instant('endedAt', 'endedat', 'enddate', 'contractenddate', 'dateend', 'cancelledat', 'canceledat', 'ended', 'end'),
      renewsAt: instant('renewsAt', 'renewsat', 'renewaldate', 'nextrenewaldate'),
      monthlyAmount: number('monthlyAmount', 'monthlyamount', 'mrr', 'monthlyrecurringrevenue', 'monthlyfee'),
      currency,
      createdAt: created,
      ...everywhere,
    },
  },
  users: {
    kind: 'user',
    files: /user|owner|salesteam|salesrep|employee|^agents?$/,
    needs: [['id', 'name', 'email']],
    fields: {
      id: text(null, 'id', 'userid', 'ownerid', 'recordid', 'salesagent'),
      name: text('name', 'name', 'fullname', 'username', 'salesagent'),
      email: text('email', 'email', 'emailaddress'),
      isActive: flag('isActive', 'isactive', 'active'),
      createdAt: created,
      ...everywhere,
    },
  },
  merges: {
    kind: null,
    files: /^merge(s|d)?$|^mergedrecords$/,
    needs: [['id'], ['mergedInto']],
    fields: {
      kind: text('kind', 'kind', 'object', 'type'),
      id: text(null, 'id', 'recordid', 'loserid', 'mergedid'),
      mergedInto: text('mergedInto', 'mergedinto', 'winnerid', 'masterrecordid'),
      mergedAt: instant('mergedAt', 'mergedat', 'date', 'createddate'),
    },
  },
  deletions: {
    kind: null,
    files: /^deletion(s)?$|^deleted(records)?$/,
    needs: [['id']],
    fields: {
      kind: text('kind', 'kind', 'object', 'type'),
      id: text(null, 'id', 'recordid'),
      deletedAt: instant('deletedAt', 'deletedat', 'date', 'deleteddate'),
    },
  },
} as const satisfies Record<string, SectionWords>

export type SectionName = keyof typeof SECTIONS
export const SECTION_NAMES = Object.keys(SECTIONS) as readonly SectionName[]

/** The words of one section, seen as a plain table. */
export const wordsOf = (section: SectionName): SectionWords => SECTIONS[section]

/** The section that holds records of that kind; null for kinds that CSV folders do not carry. */
export const sectionOf = (kind: Kind): SectionName | null => SECTION_NAMES.find((name) => SECTIONS[name].kind === kind) ?? null

/** A header or file name without case, blanks and punctuation: "Account ID:" and "account_id" are both `accountid`. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')

/** Columns whose name alone says that they hold a flat outcome, and what it means. */
export const OUTCOME_NAMES: Readonly<Record<string, 'left' | 'responded' | 'converted'>> = {
  churn: 'left',
  churned: 'left',
  ischurned: 'left',
  exited: 'left',
  attrition: 'left',
  response: 'responded',
  responded: 'responded',
  converted: 'converted',
  isconverted: 'converted',
}
