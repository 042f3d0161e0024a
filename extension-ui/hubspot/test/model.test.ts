import { expect, test } from 'vitest'
import { copiedModel, generatedModel } from '../scripts/model.ts'

test('src/app/cards/panel-model is that of extension-ui/panel-model (else: npm run build)', async () => {
  expect(await copiedModel()).toEqual(await generatedModel())
})
