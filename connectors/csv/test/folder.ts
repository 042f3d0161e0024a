import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CrmRecord, Kind, LiveRecord, RefusedRecord } from '@assay/shared'
import { testClock, testHost } from '@assay/conformance'
import { csv } from '../src/index.ts'

export interface Folder {
  readonly path: string
  write(file: string, content: string | Buffer): void
  remove(): void
}

/** A folder of its own with these files. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): Folder {
  const path = mkdtempSync(join(tmpdir(), 'assay-csv-'))
  const folder: Folder = {
    path,
    write: (file, content) => writeFileSync(join(path, file), content),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
  for (const [file, content] of Object.entries(files)) folder.write(file, content)
  return folder
}

export const session = (folder: string, mappingFile?: string) =>
  csv.open({ folder, mappingFile }, testHost(testClock(Date.UTC(2026, 0, 1))))

/** Everything of a kind. */
export async function readAll(
  folder: string,
  kind: Kind,
  mappingFile?: string,
): Promise<{ records: CrmRecord[]; refused: RefusedRecord[] }> {
  const records: CrmRecord[] = []
  const refused: RefusedRecord[] = []
  for await (const page of session(folder, mappingFile).read(kind, null)) {
    records.push(...page.records)
    refused.push(...(page.refused ?? []))
  }
  return { records, refused }
}

export async function readLive<K extends Kind>(folder: string, kind: K, mappingFile?: string): Promise<LiveRecord<K>[]> {
  const { records } = await readAll(folder, kind, mappingFile)
  return records.filter((record) => record.kind === kind && !record.deleted) as unknown as LiveRecord<K>[]
}
