import { writeFile } from 'node:fs/promises'
import { generatedModel, MODEL_FILE } from './model.ts'

await writeFile(MODEL_FILE, await generatedModel())
