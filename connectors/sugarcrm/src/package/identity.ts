/** How Sugar knows the package. A changed one is only taken with a higher version. */
export const PACKAGE = { id: 'assay', name: 'Assay', version: '1.0.0' } as const
/** The name of the file that an admin uploads. */
export const PACKAGE_FILE = `${PACKAGE.id}-sugarcrm-${PACKAGE.version}.zip`
/** Under which Assay signs in. A name of its own: one user has one session per platform, and `base` is the browser's. */
export const PLATFORM = 'assay'

const STAMP = /_V(\d+(?:_\d+)*)$/

/** `1.2.0` → `_V1_2_0` */
export const stampOf = (version: string): string => `_V${version.replaceAll('.', '_')}`

/** The version that the name of a label carries (`LBL_ASSAY_SCORED_AT_V1_2_0`); null where it carries none. */
export const versionIn = (label: string | undefined): string | null => STAMP.exec(label ?? '')?.[1]?.replaceAll('_', '.') ?? null

/** Below 0 when the first version is older, above when it is newer. */
export const compareVersions = (one: string, other: string): number => {
  const [left, right] = [one.split('.').map(Number), other.split('.').map(Number)]
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = (left[at] ?? 0) - (right[at] ?? 0)
    if (order !== 0) return order
  }
  return 0
}
