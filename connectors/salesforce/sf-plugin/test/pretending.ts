import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Said {
  readonly code?: number
  readonly out?: unknown
  readonly err?: string
}
export interface Pretending {
  /** Answers by the first words of the command. */
  says(parts: Readonly<Record<string, Said>>): void
  calls(): { readonly words: readonly string[]; readonly input: string }[]
  /** For processes that are to find it. */
  readonly environment: Readonly<Record<string, string>>
  end(): void
}

/** An `assay` command that does as told; found through the environment. */
export function pretending(): Pretending {
  const home = mkdtempSync(join(tmpdir(), 'assay-pretending-'))
  const environment = {
    ASSAY_BIN: fileURLToPath(new URL('./pretend-assay.ts', import.meta.url)),
    PRETEND_CALLS: join(home, 'calls'),
    PRETEND_SAYS: join(home, 'says'),
  }
  writeFileSync(environment.PRETEND_CALLS, '')
  writeFileSync(environment.PRETEND_SAYS, '{}')
  return {
    environment,
    says: (parts) => writeFileSync(environment.PRETEND_SAYS, JSON.stringify(parts)),
    calls: () =>
      readFileSync(environment.PRETEND_CALLS, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { words: string[]; input: string }),
    end: () => rmSync(home, { recursive: true, force: true }),
  }
}
