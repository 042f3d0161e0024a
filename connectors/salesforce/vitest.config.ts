import { configDefaults, defineConfig } from 'vitest/config'

// The sf plugin has packages and tests of its own.
export default defineConfig({ test: { exclude: [...configDefaults.exclude, 'sf-plugin/**'] } })
