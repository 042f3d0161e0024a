import lwc from '@salesforce/eslint-config-lwc/recommended.js'

export default [
  // Generated; what is in it was checked where it is written.
  { ignores: ['force-app/main/default/lwc/assayPanelModel/', 'node_modules/', 'dist/'] },
  ...lwc.map((one) => ({ ...one, files: ['force-app/main/default/lwc/**/*.js'] })),
  {
    files: ['force-app/main/default/lwc/**/__tests__/**/*.js'],
    rules: { '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off' },
    languageOptions: { globals: { __dirname: 'readonly' } },
  },
]
