// What scripts say, in the reader's language: the Chinese text is the key, %(name)s a value's place.
// A script takes what it needs of others in its first lines: where one of them did not come, it ends
// there, before it has touched the page, and the page works as one without scripts.
const Said = {
  /** @type {(text: string, values?: Values) => string} */
  _: (text, values = {}) =>
    ((window.translations || {})[text] || text).replace(/%\((\w+)\)s/g, (_all, name) => String(values[name])),
};
