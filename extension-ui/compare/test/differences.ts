/** Something in which a surface may differ from the others. Nothing that is not named here may. */
export interface Difference {
  readonly surface: string
  readonly why: string
  /** Elements that are passed over. At least one of them is on the page in some case, or the difference is named in vain. */
  readonly leftOut?: string
  /** A sentence that is missing on the page of a contact. */
  readonly lacksOnContact?: string
  /** A word that stands for another one. */
  readonly says?: readonly [its: string, ours: string]
}

export const DIFFERENCES: readonly Difference[] = [
  { surface: 'Salesforce', leftOut: '.slds-card__header', why: 'the card has its title from the Lightning App Builder' },
  { surface: 'SugarCRM', leftOut: 'h3', why: 'the dashlet has its title from Sugar' },
  { surface: 'stand-alone', leftOut: 'h1', why: 'there is no CRM around it, so it says whose page it is' },
  {
    surface: 'Salesforce',
    leftOut: 'p.slds-assistive-text',
    why: 'the sentence for screen readers stands first: a live region would speak whenever the platform draws anew; compared by itself',
  },
  {
    surface: 'SugarCRM',
    leftOut: '[data-assay] > p[role=status]',
    why: 'the sentence for screen readers is a live region at the end; compared by itself',
  },
  {
    surface: 'stand-alone',
    leftOut: 'main > p[role=status]',
    why: 'the sentence for screen readers is a live region at the end; compared by itself',
  },
  {
    surface: 'HubSpot',
    leftOut: '.properties',
    why: "a card cannot write: the answer is given in HubSpot's own list of the property, with the property's label; no buttons",
  },
  { surface: 'Salesforce', leftOut: '.answers', why: 'buttons, where HubSpot has its list; compared by their accessible names' },
  { surface: 'SugarCRM', leftOut: '.answers', why: 'buttons, where HubSpot has its list; compared by their accessible names' },
  { surface: 'stand-alone', leftOut: '.answers', why: 'buttons, where HubSpot has its list; compared by their accessible names' },
  {
    surface: 'HubSpot',
    lacksOnContact: 'Answer: Not now',
    why: 'HubSpot tells a card no change of another record, and an old answer beside a new one would be wrong: its list shows the answer',
  },
  { surface: 'HubSpot', says: ['company', 'account'], why: 'what HubSpot calls an account' },
  { surface: 'HubSpot', says: ['HubSpot', 'The CRM'], why: 'who could not give the record' },
  { surface: 'Salesforce', says: ['Salesforce', 'The CRM'], why: 'who could not give the record' },
  { surface: 'SugarCRM', says: ['SugarCRM', 'The CRM'], why: 'who could not give the record' },
]

/** Where a surface is left out of a comparison altogether. */
export const LEFT_OUT = {
  names: {
    HubSpot: 'its components are stand-ins of ours, so that names of roles would be ours as well; and it has a list instead of buttons',
  },
  refusal: { 'stand-alone': 'no CRM stands behind it; what it says when the sidecar is down is tested with the sidecar' },
  answer: { HubSpot: "the answer is saved, and a refusal told, by HubSpot's own list" },
} as const satisfies Record<string, Readonly<Record<string, string>>>
