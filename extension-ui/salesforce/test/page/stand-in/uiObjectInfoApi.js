import { adapter, org } from './org.js'

export const getObjectInfo = adapter(['objectApiName'], ({ objectApiName }) => {
  const names = [1, 2, 3].flatMap((rank) => [`Assay_offer_${rank}_response__c`, `Assay_offer_${rank}_response_at__c`])
  const fields = Object.fromEntries(names.map((name) => [name, { apiName: name, updateable: !org.locked.includes(name) }]))
  return { data: { apiName: objectApiName, fields }, error: undefined }
})
