/** The few things of Sugar's Sidecar framework that the dashlet uses. */

/** A record. What the viewer may not read is not in `attributes`; what is empty is null or ''. */
export interface Bean {
  readonly attributes: Readonly<Record<string, unknown>>
  get(name: string): unknown
  fetch(options: {
    readonly fields: readonly string[]
    readonly showAlerts: boolean
    readonly success: () => void
    /** Sidecar hands the error over first or second, by the way the call went. */
    readonly error: (...said: readonly unknown[]) => void
  }): unknown
}

export interface Context {
  get(name: string): unknown
  readonly parent?: Context | null
}

export interface View {
  readonly context: Context
  readonly settings: { get(name: string): unknown }
  readonly el: HTMLElement
  readonly disposed?: boolean
}

export interface App {
  readonly data: { createBean(module: string, attributes: { readonly id: string }): Bean }
  readonly api: {
    buildURL(path: string): string
    call(
      method: 'update',
      url: string,
      data: Readonly<Record<string, unknown>>,
      callbacks: { readonly success: (record: unknown) => void; readonly error: (...said: readonly unknown[]) => void },
      options: { readonly headers: Readonly<Record<string, string>> },
    ): unknown
  }
  readonly acl?: { hasAccessToModel?(action: 'edit', bean: Bean, field: string): boolean }
  readonly lang: { getLanguage(): string }
}

/** What Sugar said, taken apart. */
export interface Refusal {
  readonly status: number
  readonly text: string
}

export function refusalOf(said: readonly unknown[]): Refusal {
  const error = said.find(
    (one): one is { status: unknown } => typeof one === 'object' && one !== null && 'status' in one && !('attributes' in one),
  )
  if (error === undefined) return { status: 0, text: '' }
  const { status, message, errorMessage } = error as { status: unknown; message?: unknown; errorMessage?: unknown }
  const text = [message, errorMessage].find((one) => typeof one === 'string' && one !== '')
  return { status: Number(status) || 0, text: typeof text === 'string' ? text : '' }
}
