import { createServer } from 'node:http'
import type { Page } from 'playwright-core'
import { onCompany } from '../../hubspot/test/page/records.ts'
import { startCardPage } from '../../hubspot/test/page/server.ts'
import type { PanelFields } from '../../panel-model/src/index.ts'
import { PAGE_SCRIPT, PAGE_STYLE, PANEL_PAGE, panelHeaders } from '../../panel/src/index.ts'
import { listening } from '../../panel/test/listening.ts'
import { pageScript } from '../../salesforce/test/page/bundle.ts'
import { ACCOUNT as SF_ACCOUNT, CONTACT as SF_CONTACT, inSalesforce } from '../../salesforce/test/page/records.ts'
import { pageServer as salesforceServer } from '../../salesforce/test/page/server.ts'
import { sugarFiles } from '../../panel/scripts/copies.ts'
import { ACCOUNT, CONTACT, inSugar } from '../../sugarcrm/test/page/records.ts'
import { pageServer as sugarServer } from '../../sugarcrm/test/page/server.ts'

/** What is to be shown: the fields of a customer, on its own page or on that of a contact below it; or what the CRM says instead. */
export interface Case {
  readonly fields: PanelFields
  readonly on?: 'customer' | 'contact'
  readonly refusal?: string
}

export interface Surface {
  readonly name: string
  /** What is read. */
  readonly inside: string
  /** The panel itself, without what the host has around it. */
  readonly panel: string
  readonly url: string
  show(page: Page, given: Case): Promise<void>
  /** What becomes of the next answer: null when it is kept, else why not. */
  refuse(page: Page, why: string | null): Promise<void>
  close(): Promise<void>
}

/** Of the customer on a contact's page. */
export const CUSTOMER = 'Brightwater Pumps Ltd'

/** What the pages of the surfaces bring along. */
interface Pages {
  org: Record<string, unknown>
  mountPanel(record: object): void
  mountDashlet(how: object): void
  showCard(portal: object): void
}

export async function salesforce(): Promise<Surface> {
  const { url, close } = await listening(salesforceServer(await pageScript()))
  return {
    name: 'Salesforce',
    inside: 'main',
    panel: '.panel',
    url: `${url}/slds1`,
    close,
    async show(page, { fields, on, refusal }) {
      const account = inSalesforce(fields, { Name: CUSTOMER })
      const records = { [SF_ACCOUNT]: account, ...(on === 'contact' ? { [SF_CONTACT]: { AccountId: SF_ACCOUNT, Name: 'Dana Osei' } } : {}) }
      const errors = refusal === undefined ? {} : { [SF_ACCOUNT]: { status: 500, body: { message: refusal } } }
      await page.evaluate(
        ({ org, record }) => {
          const here = window as unknown as Pages
          Object.assign(here.org, { slow: [], locked: [], refusal: null, ...org })
          here.mountPanel(record)
        },
        {
          org: { records, errors },
          record:
            on === 'contact' ? { recordId: SF_CONTACT, objectApiName: 'Contact' } : { recordId: SF_ACCOUNT, objectApiName: 'Account' },
        },
      )
      await page.locator('.panel:not(.waiting)').waitFor()
      await page.locator('.answers:empty').waitFor({ state: 'detached' })
    },
    refuse: (page, why) =>
      page.evaluate((message) => {
        const refusal = message === null ? null : { status: 400, body: { message } }
        Object.assign((window as unknown as Pages).org, { refusal })
      }, why),
  }
}

export async function sugarcrm(): Promise<Surface> {
  const { url, close } = await listening(sugarServer())
  const made = Object.entries(await sugarFiles())
  const file = (ending: string): string => made.find(([path]) => path.endsWith(ending))?.[1] ?? ''
  const files = { js: file('assay-panel.js'), hbs: file('assay-panel.hbs') }
  return {
    name: 'SugarCRM',
    inside: 'main',
    panel: 'assay-panel',
    url,
    close,
    async show(page, { fields, on, refusal }) {
      const below = { id: CONTACT, account_id: ACCOUNT, account_name: CUSTOMER }
      const records = { Accounts: { [ACCOUNT]: inSugar(fields, { id: ACCOUNT, name: CUSTOMER }) }, Contacts: { [CONTACT]: below } }
      const errors = refusal === undefined ? {} : { [ACCOUNT]: { status: 500, message: refusal } }
      await page.evaluate(
        ({ org, how }) => {
          const here = window as unknown as Pages
          Object.assign(here.org, { slow: [], locked: [], refusals: [], ...org })
          here.mountDashlet({ files: how.files, settings: {}, ...how.record })
        },
        {
          org: { records, errors },
          how: { files, record: on === 'contact' ? { module: 'Contacts', id: CONTACT } : { module: 'Accounts', id: ACCOUNT } },
        },
      )
      await page.locator('assay-panel').waitFor()
    },
    refuse: (page, why) =>
      page.evaluate((message) => {
        const refusals = message === null ? [] : [{ status: 422, message }]
        Object.assign((window as unknown as Pages).org, { refusals })
      }, why),
  }
}

export async function hubspot(): Promise<Surface> {
  const card = await startCardPage()
  return {
    name: 'HubSpot',
    inside: '#card',
    panel: '#card',
    url: card.url,
    close: () => card.close(),
    async show(page, { fields, on, refusal }) {
      const own = onCompany(fields)
      const properties = { ...own.records['0-2:7001'], name: CUSTOMER }
      const portal =
        on === 'contact'
          ? {
              open: { objectTypeId: '0-1', objectId: 11 },
              records: { '0-1:11': {}, '0-2:7001': properties },
              associated: [{ toObjectId: 7001, typeId: 1, label: 'Primary' }],
            }
          : own
      await page.evaluate((given) => (window as unknown as Pages).showCard(given), { ...portal, error: refusal ?? null, locale: 'en-us' })
      await page.locator('#card .flex').first().waitFor()
    },
    refuse: () => Promise.resolve(),
  }
}

/** The page behind a signed link, with the sidecar's files and headers. */
export async function standAlone(): Promise<Surface> {
  let shown: Case = { fields: {} }
  let refusal: string | null = null
  const { url, close } = await listening(
    createServer((request, response) => {
      const path = request.url ?? ''
      const send = (type: string, body: string, status = 200): void => {
        response.writeHead(status, { ...panelHeaders([]), 'Content-Type': `${type}; charset=utf-8` }).end(body)
      }
      if (path === '/panel-assets/page.js') send('text/javascript', PAGE_SCRIPT)
      else if (path === '/panel-assets/page.css') send('text/css', PAGE_STYLE)
      else if (path.endsWith('/answer')) send('application/json', JSON.stringify({ text: refusal ?? '' }), refusal === null ? 200 : 422)
      else if (path.endsWith('/data')) {
        const contact = shown.on === 'contact'
        const from = contact ? { object: 'account', name: CUSTOMER } : null
        const data = { name: contact ? 'Dana Osei' : CUSTOMER, fields: shown.fields, from, staleAfterDays: 10, answerKey: 'key' }
        send('application/json', JSON.stringify(data))
      } else send('text/html', PANEL_PAGE)
    }),
  )
  return {
    name: 'stand-alone',
    inside: 'main',
    panel: 'assay-panel',
    url: `${url}/panel/link`,
    close,
    async show(page, given) {
      shown = given
      await page.reload()
      await page.locator('assay-panel').waitFor()
    },
    refuse(_page, why) {
      refusal = why
      return Promise.resolve()
    },
  }
}
