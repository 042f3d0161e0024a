// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
import type { History } from './history.ts'
import type { Reason } from './reasons.ts'

export type PanelState = 'scored' | 'stale' | 'facts' | 'unscored' | 'no-access' | 'error'
/** What a colour may say beside the words, never instead of them. */
export type Tone = 'good' | 'caution' | 'bad' | 'neutral'

export interface Offer {
  readonly key: string
  readonly rank: string
  readonly name: string
  /** '' where it is the name already. */
  readonly code: string
  readonly why: string
  /** "Answer: Not now", or ''. */
  readonly response: string
  /** "Not now", or ''. */
  readonly answer: string
}

/** Everything that a panel prints, in the order in which it prints it. Surfaces add nothing but their look. */
export interface PanelView {
  readonly state: PanelState
  /** 1 to 6: of the sections; the surface owns the heading above them. */
  readonly headingLevel: number
  /** The whole panel in one or two sentences, for a screen reader or a tooltip. */
  readonly summary: string
  readonly notice: { readonly tone: 'info' | 'warning' | 'error'; readonly title: string; readonly text: string } | null
  readonly action: { readonly heading: string; readonly text: string } | null
  readonly score: {
    readonly heading: string
    readonly value: number
    /** "82 %". */
    readonly text: string
    /** "High risk"; '' where no band was set. */
    readonly band: string
    readonly tone: Tone
    /** What it is the chance of. */
    readonly meaning: string
    /** Which way is bad, in words. */
    readonly direction: string
  } | null
  readonly trend: { readonly text: string; readonly arrow: string; readonly tone: Tone } | null
  readonly history: History | null
  readonly facts: { readonly heading: string; readonly items: readonly { readonly key: string; readonly text: string }[] } | null
  readonly reasons: {
    readonly heading: string
    /** The one that weighs most. */
    readonly main: Reason | null
    readonly items: readonly Reason[]
    readonly raising: readonly Reason[]
    readonly lowering: readonly Reason[]
    /** Why there is none, or that they are signs and not causes. */
    readonly note: string
  } | null
  readonly offers: { readonly heading: string; readonly items: readonly Offer[] } | null
  readonly details: {
    readonly heading: string
    readonly items: readonly { readonly key: string; readonly label: string; readonly text: string }[]
  } | null
  /** About the model: how often it is right, until when its data goes; '' where nothing is known. */
  readonly about: string
  /** "Scored yesterday.", or "Checked yesterday." where there is no score; '' where it is not known. */
  readonly footer: string
}
