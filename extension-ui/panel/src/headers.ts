/** What a browser is told about the page and its files. `frameAncestors`: origins that may show it inside theirs; throws (TypeError) on what is none. */
export function panelHeaders(frameAncestors: readonly string[]): Readonly<Record<string, string>> {
  // Only whole origins: a mistyped one must not open the policy.
  const origins = frameAncestors.map((origin) => new URL(origin).origin)
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${origins.length === 0 ? "'none'" : origins.join(' ')}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  }
}
