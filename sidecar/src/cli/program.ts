import { Command, Option } from 'commander'
import type { Operation } from '../api/operation.ts'
import * as operations from '../api/operations/index.ts'
import { currentConfig } from '../config.ts'
import { connectorOf, CONNECTORS } from '../registry.ts'
import { saveAnswers } from './answers-file.ts'
import { consented } from './consent.ts'
import { perform } from './dispatch.ts'
import { failureOf } from './fail.ts'
import { saveReport } from './report-file.ts'
import { packageFile } from './package-file.ts'
import * as say from './say.ts'
import * as models from './say-models.ts'
import { type GivenSettings, readJson, settingsOf } from './settings.ts'
import { openTerminal, type Terminal } from './terminal.ts'

interface Common {
  readonly json?: boolean
  readonly connection?: string
}

const DECIDE_EXAMPLE: Readonly<Record<string, string>> = {
  alerts: 'persistDays=3 fallbackOwner=60000042',
  publishing: 'bands.high=70 "actions.other=Call them this week."',
}

/** Every command, with help and an example each; wrong usage ends with 2. */
export function program(): Command {
  const root = new Command('assay')
    .description('Mines the CRM you already have: churn risk, segments and next offers, proven on your own past.')
    .version('0.1.0')
    .exitOverride()
    .showHelpAfterError('(assay COMMAND --help shows an example)')

  const add = (name: string, description: string, example: string): Command =>
    root
      .command(name)
      .description(description)
      .option('--json', 'one JSON document on stdout, everything else on stderr')
      .addHelpText('after', `\nExample:\n  $ ${example}`)
  const connected = (command: Command): Command => command.option('--connection <name>', 'which connection, when there is more than one')

  add('demo', 'the whole product on a generated company in a stand-in CRM, panel opened', 'assay demo --once --json')
    .option('--once', 'end when everything is done instead of keeping the panel open')
    .option('--accounts <n>', 'how many accounts the company has', '1500')
    .option('--seed <n>', 'another company', '1')
    .action((options: Common & { once?: boolean; accounts: string; seed: string }) =>
      answering(openTerminal({ json: options.json ?? false, level: 'info' }), async () => (await import('./demo.ts')).demo(options)),
    )

  add('try', 'the same mining on a folder of CSV exports; nothing is written but the report', 'assay try ./exports --json > report.json')
    .argument('<folder>', 'holds .csv or .csv.gz files, and mapping.json if headers are not found by themselves')
    .option('--mapping <file>', 'a mapping.json that stands elsewhere')
    .option('--html <file>', 'also the reports as one file with curves and tables, for a browser')
    .action(async (folder: string, options: Common & { mapping?: string; html?: string }) => {
      await within(options, async (terminal, signal) => {
        const { tryFolder } = await import('../flow/try/try.ts')
        const document = await tryFolder({ folder, mappingFile: options.mapping, tell: terminal.tell, log: terminal.log, signal })
        if (options.html !== undefined) await saveReport(options.html, document.reports)
        terminal.result(document, say.tried)
      })
    })

  add('connect', 'sign in to a CRM and keep the sign-in, encrypted', 'assay connect hubspot --token-file token.txt')
    .argument('<crm>', CONNECTORS.map(({ id }) => id).join(', '))
    .option('--token-file <file>', 'holds the access token; - reads it from stdin')
    .option('--setting <name=value...>', 'any other setting of that connector; a.b=value for a member')
    .option('--settings-file <file>', 'holds settings as JSON; - reads it from stdin')
    .option('--browser', 'sign in by consent on a page of the CRM; the settings name the app')
    .option('--title <text>', 'what you call this connection')
    .addHelpText(
      'after',
      '  $ assay connect salesforce --settings-file salesforce.json\n  $ assay connect sugarcrm --settings-file sugarcrm.json\n\nThe settings of each: connectors/<crm>/README.md',
    )
    .action((connector: string, options: Common & GivenSettings & { title?: string; browser?: boolean }) =>
      within(options, async (terminal, signal) => {
        const given = await settingsOf(options)
        const settings = options.browser === true ? await consented(connectorOf(connector), given, terminal, signal) : given
        const call = { config: currentConfig(), log: terminal.log, tell: terminal.tell, signal }
        terminal.result(await perform(operations.connect, { connector, settings, title: options.title }, call), say.connected)
      }),
    )

  connected(add('check', 'what can be read and written, what is missing, in numbers', 'assay check')).action((options: Common) =>
    run(operations.check, { connection: options.connection }, options, say.checked),
  )

  const define = root.command('define').description('decide what the scores mean')
  connected(define.command('churn'))
    .description('the choices and their consequences; accept one')
    .option('--accept <days>', 'days of silence, or "proposed"')
    .option('--from <how>', 'silence, or end (of a subscription); left out: as proposed')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ assay define churn\n  $ assay define churn --accept proposed')
    .action((options: Common & { accept?: string; from?: string }) =>
      run(
        operations.defineChurn,
        {
          connection: options.connection,
          accept: Number.isNaN(Number(options.accept)) ? options.accept : Number(options.accept),
          from: options.from,
        },
        options,
        say.defined,
      ),
    )

  connected(define.command('attributes'))
    .description('which attributes of the CRM may be learned from: those that were known before the outcome')
    .option('--stable <name...>', 'declare these stable, instead of those declared before')
    .option('--open <name...>', 'of these everybody may read signs who sees scores; the others go to the restricted field')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ assay define attributes --stable region lead_source --open region')
    .action((options: Common & { stable?: string[]; open?: string[] }) =>
      run(
        operations.defineAttributes,
        { connection: options.connection, stable: options.stable, open: options.open },
        options,
        say.attributes,
      ),
    )

  const decide = (
    name: string,
    description: string,
    operation: typeof operations.defineAlerts | typeof operations.definePublishing,
  ): void => {
    connected(define.command(name))
      .description(description)
      .option('--set <name=value...>', 'decide these; a.b=value for a member, none for nobody')
      .option('--defaults', 'everything else as it was before anybody decided')
      .option('--json', 'one JSON document on stdout')
      .addHelpText('after', `\nExample:\n  $ assay define ${name}\n  $ assay define ${name} --set ${DECIDE_EXAMPLE[name]}`)
      .action((options: Common & { set?: string[]; defaults?: boolean }) =>
        within(options, async (terminal, signal) => {
          const set = await settingsOf({ setting: options.set ?? [] }, '--set')
          const call = { config: currentConfig(), log: terminal.log, tell: terminal.tell, signal }
          const input = { connection: options.connection, set, reset: options.defaults ?? false }
          terminal.result<Readonly<Record<string, unknown>>>(
            await perform<unknown, Record<string, unknown>>(operation, input, call),
            say.decided,
          )
        }),
      )
  }
  decide('alerts', 'when account managers are told, how often, and who gets what has no owner', operations.defineAlerts)
  decide('publishing', 'the edges of the bands, the next actions, and in how many days all is written again', operations.definePublishing)

  const fields = root.command('fields').description('the custom fields that hold the scores')
  const fieldCommand = (name: string, description: string): Command =>
    connected(fields.command(name))
      .description(description)
      .option('--json', 'one JSON document on stdout')
      .addHelpText('after', `\nExample:\n  $ assay fields ${name}`)
  fieldCommand('plan', 'what install would change; changes nothing').action((options: Common) =>
    run(operations.fieldsPlan, { connection: options.connection }, options, say.planned),
  )
  fieldCommand('install', 'make the missing fields').action((options: Common) =>
    run(operations.fieldsInstall, { connection: options.connection }, options, say.installed),
  )
  fields
    .command('build')
    .description('make what an admin installs where no call can make fields; before any sign-in')
    .argument('<crm>', CONNECTORS.map(({ id }) => id).join(', '))
    .option('--folder <folder>', 'where to put it', '.')
    .option('--setting <name=value...>', 'a setting that it must agree with, as you will connect with')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ assay fields build sugarcrm')
    .action((crm: string, options: Common & { folder: string; setting?: string[] }) =>
      within(options, async (terminal) => {
        const given = await settingsOf({ setting: options.setting ?? [] })
        terminal.result(await packageFile(connectorOf(crm), given, options.folder), say.built)
      }),
    )
  fieldCommand('remove', 'take back exactly what was made')
    .option('--export <file>', 'first save what people answered to offers, as CSV')
    .option('--keep <field...>', 'leave these fields with what stands in them: names as in churn_risk, answers, or all')
    .option('--discard-answers', 'what people answered may go')
    .action((options: Common & Removing) => remove(options))
  fieldCommand('answers', 'what people answered to offers, as it stands in the CRM')
    .option('--export <file>', 'save it as CSV instead of printing it')
    .action((options: Common & { export?: string }) => answers(options))
  fieldCommand('receipt', 'what was made in the CRM')
    .option('--add <file>', 'keep the receipt of what somebody else made there; - reads it from stdin')
    .option('--clear', 'forget it: somebody else took everything back')
    .action((options: Common & { add?: string; clear?: boolean }) =>
      within(options, async (terminal, signal) => {
        const made = options.add === undefined ? undefined : await readJson(options.add)
        const call = { config: currentConfig(), log: terminal.log, tell: terminal.tell, signal }
        const input = { connection: options.connection, add: made, clear: options.clear ?? false }
        terminal.result(await perform(operations.fieldsReceipt, input, call), say.receipt)
      }),
    )

  connected(add('sync', 'read what changed in the CRM', 'assay sync'))
    .option('--full', 'read everything again')
    .addOption(new Option('--told', 'only what the CRM told about by webhooks').conflicts('full'))
    .action((options: Common & { full?: boolean; told?: boolean }) =>
      run(
        operations.sync,
        { connection: options.connection, full: options.full ?? false, told: options.told ?? false },
        options,
        say.synced,
      ),
    )

  connected(add('mine', 'learn, judge and score', 'assay mine --only churn'))
    .option('--only <miner...>', 'only these miners')
    .option('--refit', 'learn anew although the last models are young')
    .action((options: Common & { only?: string[]; refit?: boolean }) =>
      run(operations.mine, { connection: options.connection, only: options.only, refit: options.refit ?? false }, options, say.mined),
    )

  connected(add('report', 'how good it is on your own past', 'assay report churn'))
    .argument('[miner]', 'churn, segments, offers, …; all of them when left out')
    .option('--html <file>', 'one file with the curves and tables, for a browser')
    .addHelpText('after', '  $ assay report churn --html churn.html')
    .action((miner: string | undefined, options: Common & { html?: string }) => report(miner, options))

  connected(add('changes', 'what is not as it was: segments, rules, drivers, and who moved', 'assay changes segments'))
    .argument('[miner]', 'one of them')
    .option('--record <id>', 'also why the churn score of this customer is not what it was')
    .addHelpText('after', '  $ assay changes churn --record 0015g00000Abcde')
    .action((miner: string | undefined, options: Common & { record?: string }) =>
      run(operations.changes, { connection: options.connection, miner, record: options.record }, options, models.changed),
    )

  connected(add('models', 'every model there was, which is live, who decided what and why', 'assay models churn'))
    .argument('[miner]', 'of one miner')
    .option('--id <model>', 'one model whole: its parameters and, with --json, the model itself; the first letters will do')
    .action((miner: string | undefined, options: Common & { id?: string }) =>
      run(operations.models, { connection: options.connection, miner, id: options.id }, options, models.modelHistory),
    )

  connected(add('rollback', 'back to the model that was live before; nothing is deleted', 'assay rollback churn'))
    .argument('<miner>', 'whose model')
    .option('--to <model>', 'to this one, instead of the last one before; the first letters will do')
    .addHelpText('after', '  $ assay rollback churn --to 3f2a91c0\n  $ assay mine')
    .action((miner: string, options: Common & { to?: string }) =>
      run(operations.rollback, { connection: options.connection, miner, to: options.to }, options, models.rolledBack),
    )

  connected(add('publish', 'write the scores into the CRM; the first time 20 records, then --continue', 'assay publish --dry-run'))
    .option('--dry-run', 'print the bill and 20 records before and after; write nothing')
    .addOption(new Option('--continue', 'go on after the first twenty').conflicts('dryRun'))
    .action((options: Common & { dryRun?: boolean; continue?: boolean }) =>
      run(
        operations.publish,
        { connection: options.connection, dryRun: options.dryRun ?? false, proceed: options.continue ?? false },
        options,
        say.publishedAll,
      ),
    )

  connected(add('alerts', 'make, update and close tasks for customers whose band changed', 'assay alerts'))
    .option('--dry-run', 'say what would be done; write nothing')
    .action((options: Common & { dryRun?: boolean }) =>
      run(operations.alerts, { connection: options.connection, dryRun: options.dryRun ?? false }, options, say.alerted),
    )

  connected(add('run', 'sync, mine, publish and alert once', 'assay run')).action((options: Common) =>
    run(operations.runAll, { connection: options.connection }, options, say.ran),
  )

  add('serve', 'do all of it on schedule; the one owner of the data directory; panel and API', 'assay serve').action((options: Common) =>
    within(options, async (terminal, signal) => (await import('./serve.ts')).serve(terminal, signal)),
  )

  connected(add('erase', "forget a person's or customer's data everywhere, with a receipt", 'assay erase contact:512'))
    .argument('<record>', 'KIND:ID, for example contact:512 or account:77')
    .action((record: string, options: Common) => run(operations.erase, { connection: options.connection, record }, options, say.erased))

  connected(add('link', 'a short-lived signed link to the panel of one record', 'assay link account:77'))
    .argument('<record>', 'OBJECT:ID, for example account:77')
    .option('--minutes <n>', 'how long it works', '15')
    .option('--read-only', 'whoever has it may not answer offers')
    .action((record: string, options: Common & { minutes: string; readOnly?: boolean }) =>
      run(
        operations.link,
        { connection: options.connection, record, minutes: Number(options.minutes), answers: options.readOnly !== true },
        options,
        say.linked,
      ),
    )

  add('status', 'where everything stands', 'assay status').action((options: Common) => run(operations.status, {}, options, say.status))

  return root
}

interface Removing {
  readonly export?: string
  readonly keep?: string[]
  readonly discardAnswers?: boolean
}

async function report(miner: string | undefined, options: Common & { readonly html?: string }): Promise<void> {
  await within(options, async (terminal, signal) => {
    const call = { config: currentConfig(), log: terminal.log, tell: terminal.tell, signal }
    const result = await perform(operations.report, { connection: options.connection, miner }, call)
    if (options.html === undefined) {
      terminal.result(result, say.reported)
      return
    }
    await saveReport(options.html, result.reports)
    terminal.result({ file: options.html, miners: result.reports.map((one) => one.miner) }, say.saidWhere)
  })
}

/** Answers are in the file, whole, before the first field goes. */
async function remove(options: Common & Removing): Promise<void> {
  await within(options, async (terminal, signal) => {
    const call = { config: currentConfig(), log: terminal.log, tell: terminal.tell, signal }
    const { connection, keep = [] } = options
    let exported: { file: string; answers: number } | null = null
    if (options.export !== undefined) {
      const standing = async () => (await perform(operations.fieldsAnswers, { connection }, call)).answers
      exported = { file: options.export, answers: await saveAnswers(options.export, standing) }
    }
    const discardAnswers = (options.discardAnswers ?? false) || exported !== null
    const removal = await perform(operations.fieldsRemove, { connection, keep, discardAnswers }, call)
    terminal.result({ ...removal, exported }, (result) => say.removed(result, keep))
  })
}

async function answers(options: Common & { readonly export?: string }): Promise<void> {
  await within(options, async (terminal, signal) => {
    const call = { config: currentConfig(), log: terminal.log, tell: terminal.tell, signal }
    const standing = async () => (await perform(operations.fieldsAnswers, { connection: options.connection }, call)).answers
    if (options.export === undefined) terminal.result({ answers: await standing() }, say.answered)
    else terminal.result({ file: options.export, answers: await saveAnswers(options.export, standing) }, say.saved)
  })
}

async function run<I, O>(operation: Operation<I, O>, input: unknown, options: Common, speak: (result: O) => string): Promise<void> {
  await within(options, async (terminal, signal) => {
    const result = await perform(operation, input, { config: currentConfig(), log: terminal.log, tell: terminal.tell, signal })
    terminal.result(result, speak)
  })
}

/** A terminal and a stop signal around some work: Ctrl-C ends it at the next safe place. */
async function within(options: Common, work: (terminal: Terminal, signal: AbortSignal) => Promise<void>): Promise<void> {
  const json = options.json ?? false
  const level = await answering(openTerminal({ json, level: 'info' }), async () => currentConfig().logLevel)
  const terminal = openTerminal({ json, level })
  const controller = new AbortController()
  const stop = (): void => controller.abort(new DOMException('stopped', 'AbortError'))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    await answering(terminal, () => work(terminal, controller.signal))
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** Whatever goes wrong in the work is the document of a command with `--json`; what people read goes to stderr as ever. */
async function answering<T>(terminal: Terminal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    terminal.failure(failureOf(error))
    throw error
  } finally {
    terminal.done()
  }
}
