import { fileURLToPath } from 'node:url'
import lwc from '@lwc/rollup-plugin'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import replace from '@rollup/plugin-replace'
import { rollup } from 'rollup'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const bundles = here('../../force-app/main/default/lwc')

/** The highest version of the platform that this compiler knows; the bundles' metadata names the same. */
export const API_VERSION = 66

/**
 * One script with the component as the real compiler makes it, Salesforce's real base components, and a stand-in for
 * what only the platform has. It defines `window.mountPanel`.
 */
export async function pageScript(): Promise<string> {
  const bundle = await rollup({
    input: here('./page.js'),
    plugins: [
      // Base components ask for both, three hundred times over.
      replace({ preventAssignment: true, values: { 'process.env.NODE_ENV': '"development"', 'import.meta.env.SSR': 'false' } }),
      lwc({
        rootDir: here('.'),
        apiVersion: API_VERSION,
        enableDynamicComponents: true,
        enableLwcSpread: true,
        enableLwcOn: true,
        // The first that knows a name wins, so the stand-ins come before the packages.
        modules: [
          { name: 'lightning/uiRecordApi', path: here('./stand-in/uiRecordApi.js') },
          { name: 'lightning/uiObjectInfoApi', path: here('./stand-in/uiObjectInfoApi.js') },
          { name: '@salesforce/i18n/locale', path: here('./stand-in/locale.js') },
          { name: '@salesforce/i18n/timeZone', path: here('./stand-in/timeZone.js') },
          { name: 'c/assayPanel', path: `${bundles}/assayPanel/assayPanel.js` },
          { name: 'c/assayPanelModel', path: `${bundles}/assayPanelModel/assayPanelModel.js` },
          { npm: 'lightning-base-components' },
          { npm: '@lwc/synthetic-shadow' },
        ],
      }),
      nodeResolve(),
    ],
    onwarn(warning, say) {
      // A slot that stands twice in a base component's template, and base components that import each other.
      if (warning.message.includes('LWC1137') || warning.code === 'CIRCULAR_DEPENDENCY') return
      say(warning)
    },
  })
  const { output } = await bundle.generate({ format: 'iife', inlineDynamicImports: true })
  await bundle.close()
  return output[0].code
}
