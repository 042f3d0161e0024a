/** `https://www.acme.example/about` and `acme.example` are one domain. Null where nothing of one is left. */
export const domainOf = (website: string | null): string | null => {
  const host = website
    ?.trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/?#:].*$/s, '')
  return host === undefined || host === '' ? null : host
}
