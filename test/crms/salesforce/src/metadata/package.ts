import { unzipSync, strFromU8 } from 'fflate'
import { elementOf, elementsOf, listOf, parseXml, textOf, type Element, type XmlProblem } from './xml.ts'

/** A component in a deployment, with the file it stands in. */
export interface Part {
  readonly type: string
  readonly fullName: string
  readonly fileName: string
  /** Its metadata as an element; of a bundle, of its `-meta.xml`. */
  readonly element: Element
  readonly content: string
}

/** A file that could not be read. */
export interface BadFile {
  readonly fileName: string
  readonly problem: XmlProblem
}

export interface Archive {
  /** Members by type, as package.xml lists them. */
  readonly members: ReadonlyMap<string, readonly string[]>
  readonly parts: readonly Part[]
  readonly bad: readonly BadFile[]
  readonly destructive: readonly { readonly fileName: string; readonly type: string; readonly fullName: string }[]
}

/** Where components of one file each live: folder → type and file ending. */
const FOLDERS: Readonly<Record<string, { readonly type: string; readonly ending: string }>> = {
  permissionsets: { type: 'PermissionSet', ending: '.permissionset' },
  layouts: { type: 'Layout', ending: '.layout' },
  flexipages: { type: 'FlexiPage', ending: '.flexipage' },
  flows: { type: 'Flow', ending: '.flow' },
  reports: { type: 'Report', ending: '.report' },
  profiles: { type: 'Profile', ending: '.profile' },
  tabs: { type: 'CustomTab', ending: '.tab' },
  applications: { type: 'CustomApplication', ending: '.app' },
  quickActions: { type: 'QuickAction', ending: '.quickAction' },
  labels: { type: 'CustomLabels', ending: '.labels' },
}
/** What may stand inside an object file, by its element. */
const CHILDREN: Readonly<Record<string, string>> = {
  fields: 'CustomField',
  listViews: 'ListView',
  validationRules: 'ValidationRule',
  compactLayouts: 'CompactLayout',
  recordTypes: 'RecordType',
  webLinks: 'WebLink',
}

/** Everything in a zip; null where it is none or has no package.xml. */
export function archiveOf(zip: Uint8Array): Archive | null {
  const files = unzipped(zip)
  const manifest = files?.get('package.xml')
  if (files === undefined || manifest === undefined) return null
  const bad: BadFile[] = []
  const members = new Map<string, readonly string[]>()
  const read = (fileName: string, text: string): { root: string; element: Element } | null => {
    const parsed = parseXml(text)
    if ('element' in parsed) return parsed
    bad.push({ fileName, problem: parsed.problem })
    return null
  }
  for (const [type, names] of membersOf(read('package.xml', manifest)?.element ?? {})) members.set(type, names)
  const destructive: { fileName: string; type: string; fullName: string }[] = []
  for (const fileName of ['destructiveChangesPre.xml', 'destructiveChanges.xml', 'destructiveChangesPost.xml']) {
    const text = files.get(fileName)
    if (text === undefined) continue
    for (const [type, names] of membersOf(read(fileName, text)?.element ?? {}))
      for (const fullName of names) destructive.push({ fileName, type, fullName })
  }
  const parts = [...files].flatMap(([fileName, text]) => partsOf(fileName, text, files, read))
  return { members, parts, bad, destructive }
}

/** Files by path; one folder around everything is taken off. */
function unzipped(zip: Uint8Array): Map<string, string> | undefined {
  try {
    const files = new Map(Object.entries(unzipSync(zip)).filter(([path]) => !path.endsWith('/')))
    const root = [...files.keys()].find((path) => /^(?:[^/]+\/)?package\.xml$/.test(path))?.replace('package.xml', '') ?? ''
    return new Map([...files].map(([path, bytes]) => [path.startsWith(root) ? path.slice(root.length) : path, strFromU8(bytes)]))
  } catch {
    return undefined
  }
}

const membersOf = (manifest: Element): [string, string[]][] =>
  elementsOf(manifest['types']).map((types) => [
    textOf(types['name']) ?? '',
    listOf(types['members']).filter((member): member is string => typeof member === 'string'),
  ])

type Read = (fileName: string, text: string) => { readonly root: string; readonly element: Element } | null

function partsOf(fileName: string, text: string, files: ReadonlyMap<string, string>, read: Read): Part[] {
  const [folder = '', ...rest] = fileName.split('/')
  const path = rest.join('/')
  if (folder === 'objects' && path.endsWith('.object')) {
    const object = path.slice(0, -'.object'.length)
    const element = read(fileName, text)?.element
    if (element === undefined) return []
    const children = Object.entries(CHILDREN).flatMap(([member, type]) =>
      elementsOf(element[member]).map((child): Part => ({
        type,
        fullName: `${object}.${textOf(child['fullName']) ?? ''}`,
        fileName,
        element: child,
        content: JSON.stringify(child),
      })),
    )
    return [{ type: 'CustomObject', fullName: object, fileName, element, content: '' }, ...children]
  }
  if (folder === 'lwc' && path.endsWith('.js-meta.xml')) {
    const element = read(fileName, text)?.element
    const bundle = rest[0] ?? ''
    const content = [...files].filter(([name]) => name.startsWith(`lwc/${bundle}/`)).map(([, each]) => each)
    return element === undefined
      ? []
      : [{ type: 'LightningComponentBundle', fullName: bundle, fileName, element, content: content.join('\n') }]
  }
  if (folder === 'reports' && path.endsWith('-meta.xml')) {
    const element = read(fileName, text)?.element
    return element === undefined
      ? []
      : [{ type: 'Report', fullName: path.replace(/(\.reportFolder)?-meta\.xml$/, ''), fileName, element, content: '' }]
  }
  const kind = FOLDERS[folder]
  if (kind === undefined || !path.endsWith(kind.ending)) return []
  const element = read(fileName, text)?.element
  return element === undefined
    ? []
    : [{ type: kind.type, fullName: path.slice(0, -kind.ending.length), fileName, element: elementOf(element), content: text }]
}
