export { PAGE_SCRIPT } from './assets.generated.ts'
export { panelHeaders } from './headers.ts'
export { PAGE_STYLE } from './page-style.ts'
export { LINK_OVER_PAGE, PANEL_PAGE, UNAVAILABLE_PAGE } from './pages.ts'
