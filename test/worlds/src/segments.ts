/** One planted type of customer. Numbers are means; each customer varies around them. */
export interface Segment {
  readonly name: string
  /** Share of the accounts. */
  readonly share: number
  /** Won orders a year at neutral health. */
  readonly ordersAYear: number
  /** Lines an order. */
  readonly lines: number
  /** Scales the quantities. */
  readonly size: number
  /** Leaving a year at neutral health. */
  readonly leavingAYear: number
  /** Share that pays for subscriptions. */
  readonly subscribing: number
  /** How many products the customer keeps coming back to. */
  readonly likes: number
  readonly employees: readonly [low: number, high: number]
  /** How much each product family is liked. */
  readonly families: Readonly<Record<string, number>>
}

export const SEGMENTS: readonly Segment[] = [
  {
    name: 'Replenisher',
    share: 0.28,
    ordersAYear: 6.5,
    lines: 2.6,
    size: 1,
    leavingAYear: 0.022,
    subscribing: 0.12,
    likes: 5,
    employees: [20, 250],
    families: { Consumables: 8, Accessories: 3, Sensors: 1, Services: 0.5, Instruments: 0.3, Software: 0.1 },
  },
  {
    name: 'Project buyer',
    share: 0.2,
    ordersAYear: 3.6,
    lines: 4.2,
    size: 4,
    leavingAYear: 0.03,
    subscribing: 0.35,
    likes: 6,
    employees: [100, 3000],
    families: { Instruments: 5, Sensors: 5, Accessories: 2, Services: 2, Software: 1, Consumables: 0.5 },
  },
  {
    name: 'Reseller',
    share: 0.12,
    ordersAYear: 8.5,
    lines: 4.6,
    size: 3,
    leavingAYear: 0.018,
    subscribing: 0.12,
    likes: 9,
    employees: [5, 80],
    families: { Sensors: 4, Instruments: 3, Consumables: 4, Accessories: 4, Software: 1, Services: 0.2 },
  },
  {
    name: 'Small workshop',
    share: 0.28,
    ordersAYear: 3.4,
    lines: 1.7,
    size: 0.6,
    leavingAYear: 0.036,
    subscribing: 0.06,
    likes: 3,
    employees: [1, 25],
    families: { Consumables: 5, Accessories: 4, Instruments: 1, Sensors: 1, Services: 0.3, Software: 0.2 },
  },
  {
    name: 'Service subscriber',
    share: 0.12,
    ordersAYear: 4.6,
    lines: 2,
    size: 1.5,
    leavingAYear: 0.022,
    subscribing: 0.85,
    likes: 4,
    employees: [50, 1500],
    families: { Services: 6, Software: 5, Sensors: 1.5, Consumables: 1, Accessories: 1, Instruments: 0.5 },
  },
]
