import { z } from 'zod'

export const params = z.object({
  /** Orders a customer must have before the one that the verdict foretells. */
  leastOrders: z.number().int().min(1).default(2),
  /** Customers that the weights are tuned on, and as many a period that the verdict looks at. */
  sample: z.number().int().min(50).default(2_000),
  /** Most customers that rules are looked for among. */
  ruleCustomers: z.number().int().min(100).default(20_000),
  /** Most itemsets looked at; the support rises until they fit. */
  mostItemsets: z.number().int().min(100).default(100_000),
  /** Most rules kept, the strongest. */
  mostRules: z.number().int().min(0).default(10_000),
})
export type OffersParams = z.infer<typeof params>

export const weights = z.object({
  /** What an order counts for against the next newer one: 1 is plain frequency. */
  decay: z.number(),
  /** Power of the product's repeat rate against the catalogue's: 0 ignores it, 1 takes it in full. */
  repeat: z.number(),
  /** Of the confidence of the best rule, against personal frequency. */
  rules: z.number(),
  /** Of the share of all orders that hold the product, against personal frequency. */
  popular: z.number(),
})
export type Weights = z.infer<typeof weights>

/** Who has all of `ifBought` tends to have `then`; products by their index, counts are customers. */
const rule = z.object({
  ifBought: z.array(z.number().int()),
  offer: z.number().int(),
  both: z.number().int(),
  ifCount: z.number().int(),
  offerCount: z.number().int(),
  confidence: z.number(),
  lift: z.number(),
})
export type Rule = z.infer<typeof rule>

export const model = z.object({
  asOf: z.number().nullable(),
  customers: z.number().int(),
  orders: z.number().int(),
  /** Products by code, ascending; all other lists go by this index. */
  codes: z.array(z.string()),
  names: z.array(z.string().nullable()),
  /** Orders that hold the product. */
  popularity: z.array(z.number().int()),
  /** Customers who bought it. */
  buyers: z.array(z.number().int()),
  /** Buyers who ordered anything later: who could have bought it again. */
  chances: z.array(z.number().int()),
  /** Those of them who did. */
  again: z.array(z.number().int()),
  /** 1 where an owner does not buy a second time: not proposed to owners. */
  owned: z.array(z.number().int().min(0).max(1)),
  /** Codes that are no products, and how that was seen. */
  excluded: z.array(z.object({ code: z.string(), name: z.string().nullable(), why: z.string() })),
  rules: z.array(rule),
  /** Customers that rules were counted on. */
  ruleCustomers: z.number().int(),
  /** Customers that a rule's products must have in common at least. */
  leastSupport: z.number().int(),
  weights,
  /** What was tried on the last order of the training customers; empty where there were too few of them. */
  tried: z.array(weights.extend({ ndcg: z.number(), chosen: z.boolean() })),
})
export type OffersModel = z.infer<typeof model>
