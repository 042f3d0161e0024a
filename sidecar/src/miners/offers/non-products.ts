/** Charges in the languages of the CRMs' larger markets; whole words only. */
const CHARGES = new Set(
  [
    'postage shipping freight delivery carriage handling courier discount rebate refund surcharge adjustment rounding correction deposit',
    'commission vat tax tip voucher charges charge manual',
    'versand versandkosten porto fracht rabatt skonto gutschein trinkgeld mahngebühr rundung pfand',
    'livraison port remise frais escompte arrondi',
    'envío envio portes descuento flete impuesto redondeo',
    'spedizione sconto frete desconto',
  ].flatMap((line) => line.split(' ')),
)
/** Words that say nothing of their own beside a charge. */
const FILLERS = new Set(
  'fee fees cost costs of for and the bank late payment transaction processing sales order extra international express standard free gift'.split(
    ' ',
  ),
)
const CODE_WORDS = new Set(
  'post dot ship shipping freight disc discount fee adj adjust adjustment tax vat manual misc rounding deposit postage'.split(' '),
)

/** Almost all codes of a catalogue must look alike before one that does not is suspicious. */
const ALIKE = 0.95
const LEAST_CODES = 20

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}+/gu) ?? []

/** A name that is nothing but a charge ("Bank charges", "Shipping fee"), or ends as one ("DOTCOM POSTAGE"). */
function namesCharge(name: string): boolean {
  const words = wordsOf(name)
  if (words.length === 0 || words.length > 4) return false
  const charges = words.filter((word) => CHARGES.has(word)).length
  const fees = words.filter((word) => FILLERS.has(word)).length
  if (charges > 0 && charges + fees === words.length) return true
  return CHARGES.has(words.at(-1)!)
}

/** Codes that are no products, with the reason; in the order of `codes`. Null where a code is a product. */
export function nonProducts(codes: readonly string[], names: readonly (string | null)[]): (string | null)[] {
  const withDigit = codes.filter((code) => /\d/.test(code)).length
  const digitsExpected = codes.length >= LEAST_CODES && withDigit >= ALIKE * codes.length
  return codes.map((code, i) => {
    const words = wordsOf(code)
    const name = names[i] ?? null
    if (name !== null && namesCharge(name)) return `the name "${name}" is a charge`
    if (!/\d/.test(code) && words.length > 0 && words.every((word) => CODE_WORDS.has(word) || CHARGES.has(word)))
      return 'the code is a charge'
    if (digitsExpected && !/\d/.test(code))
      return `no digit in the code, where ${Math.floor((100 * withDigit) / codes.length)} % of all codes have one`
    return null
  })
}
