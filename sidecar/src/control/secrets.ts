import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/shared'

const KEY_BYTES = 32
/** NIST SP 800-38D, 5.2.1.1: 96 bits is the length that GCM is made for. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Stands before what is sealed, so that another method can be told from this one later. */
const METHOD = 'a1.'

/** Seals and opens texts with one key: AES-256-GCM, a fresh nonce each time. */
export interface Vault {
  /** `about` is bound to the sealed text: it opens only for the same thing it was sealed for. */
  seal(text: string, about: string): string
  /** Throws an AssayError (`config`) when the key is another one or the text was changed. */
  open(sealed: string, about: string): string
}

export function createVault(key: Uint8Array): Vault {
  if (key.length !== KEY_BYTES) throw new AssayError('config', `the master key has ${key.length} bytes; expected ${KEY_BYTES}`)
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return METHOD + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed.slice(METHOD.length), 'base64')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
      } catch {
        // The cause is left out on purpose: it says nothing more, and nothing of a secret may reach a log.
        throw new AssayError('config', 'what is encrypted in the control plane cannot be read with this key', {
          hint: 'Put back the key it was written with (the file "key" in the data directory, or ASSAY_KEY); if it is lost, connect again.',
        })
      }
    },
  }
}

/**
 * The master key: the one given, else that of `<home>/key`, made at first start and readable by its owner alone.
 * Throws an AssayError (`config`) when others may read the file or it holds no key.
 */
export async function masterKey(home: string, given: Uint8Array | null): Promise<Uint8Array> {
  if (given !== null) return given
  const path = join(home, 'key')
  await mkdir(home, { recursive: true, mode: 0o700 })
  await makeKeyFile(path)
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new AssayError('config', `the key file ${path} may be read by others (mode ${(mode & 0o777).toString(8)}, expected 600)`, {
      hint: `Run: chmod 600 ${path} - and renew the CRM sign-ins if anybody else uses this machine.`,
    })
  }
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64')
  if (key.length !== KEY_BYTES) {
    throw new AssayError('config', `the key file ${path} holds no key (expected ${KEY_BYTES} bytes in base64)`, {
      hint: 'Put back the file from a backup. Without it the stored sign-ins cannot be read and must be made again.',
    })
  }
  return new Uint8Array(key)
}

/** Makes the key file if there is none. Written whole under another name first: nobody ever reads half a key. */
async function makeKeyFile(path: string): Promise<void> {
  if (await stat(path).catch(() => null)) return
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`)
    await file.sync()
    // A link, unlike a rename, fails where another process was first: its key wins, ours was never used.
    await link(draft, path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
}
