import type { Receipt } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { answersGo, INSTALLED_FIELDS, without } from '../src/fields.ts'

const field = (name: string): Receipt['made'][number] => ({ type: 'field', object: 'Account', name })
const set = { type: 'permission', object: 'PermissionSet', name: 'Assay_Integration' } as const
const receipt: Receipt = {
  connector: 'salesforce',
  madeAt: 1,
  made: [field('Assay_churn_risk__c'), field('Assay_offer_1_response__c'), set],
}

describe('what is taken back', () => {
  it('is what the receipt says, or everything known', () => {
    expect(without(receipt, [])).toBe(receipt)
    expect(without(null, [])).toBeNull()
  })

  it('leaves out what is to stay', () => {
    expect(without(receipt, ['answers'])!.made).toEqual([field('Assay_churn_risk__c'), set])
    expect(without(receipt, ['churn_risk'])!.made).toEqual([field('Assay_offer_1_response__c'), set])
    expect(without(receipt, ['all'])!.made).toEqual([set])
  })

  it('is known without a receipt too, on whichever object', () => {
    const { made } = without(null, ['answers'])!
    const names = made.map(({ object, name }) => `${object}.${name}`)
    for (const { name, setByPeople } of INSTALLED_FIELDS) {
      expect(names.includes(`Account.Assay_${name}__c`), name).toBe(!setByPeople)
      expect(names.includes(`Contact.Assay_${name}__c`), name).toBe(!setByPeople)
    }
    expect(names).toContain('PermissionSet.Assay_Viewer')
  })

  it('takes answers along unless they are kept', () => {
    expect([[], ['churn_risk'], ['answers'], ['all']].map(answersGo)).toEqual([true, true, false, false])
  })
})
