/** Writes down what the commands take and give: `npm run snapshot`. A test compares; a difference is a decision, not an accident. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { commandSnapshot, schemas } from './described.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))
await writeFile(`${HOME}command-snapshot.json`, `${JSON.stringify(await commandSnapshot(HOME), null, 2)}\n`)
await rm(`${HOME}schemas`, { recursive: true, force: true })
await mkdir(`${HOME}schemas`)
for (const [name, schema] of Object.entries(schemas()))
  await writeFile(`${HOME}schemas/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`)
