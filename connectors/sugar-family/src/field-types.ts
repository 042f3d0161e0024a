/** Types of fields that can stand in an attribute. Long texts, files, links and names of other records are never carried along. */
export const CARRIED: ReadonlySet<string> = new Set(
  'varchar enum multienum radioenum bool int decimal float double currency date datetime datetimecombo phone url integer id'.split(' '),
)
export const NUMBERS: ReadonlySet<string> = new Set(['int', 'integer', 'decimal', 'float', 'double', 'currency'])
