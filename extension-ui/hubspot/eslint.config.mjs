import { config } from '@hubspot/eslint-config-ui-extensions'
import typescript from 'typescript-eslint'

export default [
  { ignores: ['node_modules/', 'dist/', 'test/', 'scripts/', '*.config.*'] },
  ...config,
  { files: ['src/**/*.{ts,tsx}'], languageOptions: { parser: typescript.parser } },
]
