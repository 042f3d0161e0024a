/** Files that the package puts into Sugar, by their path there below `custom/`. */
export type Copies = Readonly<Record<`custom/${string}`, string>>
