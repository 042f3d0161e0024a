/* eslint-disable no-underscore-dangle -- the names are those of Sidecar */
// What Sugar's Sidecar framework would be: beans, the API, views with _super, and the plugin Dashlet, over the libraries that it
// is made of. A test fills `org` in: `records` by module and id (only fields that the viewer may read are in them), `errors` by
// id, `slow` ids that never answer, `locked` fields that the viewer may not edit, and `refusals`, with which the next saves fail.
;(function () {
  const org = (window.org = { records: {}, errors: {}, slow: [], locked: [], refusals: [], saves: [], asked: [], held: false })
  const later = (work) => void Promise.resolve().then(() => window.requestAnimationFrame(work))
  const found = (module, id) => (org.records[module] || {})[id]

  const Bean = Backbone.Model.extend({
    fetch(options) {
      org.asked.push({ module: this.module, id: this.id, fields: options.fields })
      if (org.slow.includes(this.id)) return
      later(() => {
        const there = found(this.module, this.id)
        const error = org.errors[this.id] || (there ? null : { status: 404, code: 'not_found', message: 'Could not find record' })
        if (error) {
          options.error(error)
          return
        }
        this.set(_.pick(there, ...options.fields, 'id', 'date_modified', '_acl'))
        options.success(this, this.attributes, options)
      })
    },
  })

  const app = {
    data: {
      createBean(module, attributes) {
        const bean = new Bean(attributes)
        bean.module = module
        return bean
      },
    },
    api: {
      buildURL: (path) => `/rest/v11_20/${path}`,
      call(method, url, data, callbacks, options) {
        const [, module, id] = /^\/rest\/v11_20\/(\w+)\/([^/]+)$/.exec(url)
        org.saves.push({ method, module, id, data, headers: options.headers })
        const answer = () => {
          if (org.held) {
            window.setTimeout(answer, 10)
            return
          }
          const record = found(module, id)
          const stamp = options.headers['X-TIMESTAMP']
          const conflict = stamp && stamp !== record.date_modified
          const refusal = org.refusals.shift() || (conflict ? { status: 409, code: 'edit_conflict', message: 'Edit conflict' } : null)
          if (refusal) {
            callbacks.error(refusal)
            return
          }
          Object.assign(record, data, { date_modified: `2026-11-22T09:00:${String(org.saves.length).padStart(2, '0')}+00:00` })
          callbacks.success({ ...record })
        }
        later(answer)
      },
    },
    acl: { hasAccessToModel: (action, bean, field) => !org.locked.includes(field) },
    lang: {
      getLanguage: () => 'en_us',
      get: (label) => window.LABELS[label] || label,
    },
  }
  window.SUGAR = { App: app }

  const Context = function (attributes, parent) {
    const model = new Backbone.Model(attributes)
    model.parent = parent || null
    return model
  }

  const BaseView = Backbone.View.extend({
    render() {
      if (this.disposed) return this
      this._render()
      return this
    },
    _render() {
      this.$el.html(this.template(this))
    },
    _dispose() {
      this.remove()
    },
    dispose() {
      this._dispose()
      this.disposed = true
    },
    loadData() {},
    _super(method, args) {
      return BaseView.prototype[method].apply(this, args || [])
    },
  })

  Handlebars.registerHelper('str', (label) => app.lang.get(label))

  /** Puts the dashlet on the page as the pane beside a record would. Sugar's own minifier has been over the file: it is evaluated as it is. */
  window.mountDashlet = ({ module, id, files, settings, view, inDashboard }) => {
    if (window.dashlet) window.dashlet.dispose()
    // eslint-disable-next-line no-implied-eval, typescript/no-implied-eval
    const literal = new Function('app', `return ${files.js}`)(app)
    const page = Context({ module, model: Object.assign(new Bean({ id }), { module }) })
    const context = inDashboard ? Context({ module: 'Home', model: new Backbone.Model({ id: 'dashboard' }) }, page) : page
    const DashletView = BaseView.extend(literal)
    const place = document.querySelector('[data-place]')
    place.replaceChildren()
    const dashlet = (window.dashlet = new DashletView())
    Object.assign(dashlet, {
      context,
      settings: new Backbone.Model(settings),
      template: Handlebars.compile(files.hbs),
      name: 'assay-panel',
    })
    if (literal.plugins.includes('Dashlet')) dashlet.initDashlet(view)
    place.append(dashlet.el)
    dashlet.render()
    dashlet.loadData()
  }
})()
