import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { generatedModel, MODEL_FILE } from '../scripts/model.ts'

test('c/assayPanelModel is that of extension-ui/panel-model (else: npm run build)', async () => {
  assert.equal(await readFile(MODEL_FILE, 'utf8'), await generatedModel())
})
