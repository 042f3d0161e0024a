import type { SfCommand } from '@salesforce/sf-plugins-core'
import { assayBin, openAssay } from './assay.ts'

/** Has `assay` do it, with what it says along the way beside the spinner, and its notes as warnings. */
export async function relay<T>(command: Pick<SfCommand<unknown>, 'spinner' | 'warn'>, title: string, words: readonly string[]): Promise<T> {
  command.spinner.start(title)
  try {
    return await openAssay(assayBin())<T>(words, {
      line: (text) => {
        if (text.startsWith('Note: ')) command.warn(text.slice('Note: '.length))
        else command.spinner.status = text
      },
    })
  } finally {
    command.spinner.stop()
  }
}
