// Trusted Types: which texts a script may have the browser read as HTML or load as a script. Leptos builds from HTML what never
// changes in a view, and the page registers one worker. Refused is, whoever asks, what runs, loads, embeds or sends
// something: elements and attributes that are not named here, and links that lead out of the portal.
const elements =
  'a|b|br|caption|circle|code|dd|div|dl|dt|em|g|h[1-6]|hr|i|input|kbd|label|legend|li|line|ol|option|p|path|polyline|pre|rect|' +
  'section|small|span|strong|svg|table|tbody|td|textarea|th|thead|tr|ul'
const attributes =
  'accept|aria-[a-z]+|autocomplete|checked|class|colspan|cx|cy|d|fill|for|height|id|inputmode|max|maxlength|min|minlength|name|' +
  'pattern|placeholder|points|r|rel|required|role|rows|rowspan|rx|ry|scope|selected|spellcheck|step|stroke|title|type|value|' +
  'viewBox|width|x|x1|x2|y|y1|y2'
const inert = new RegExp(
  `^(?:[^<]|</?(?:${elements})(?: (?:(?:${attributes})(?:="[^"]*")?|href="/(?:[^/\\\\\\s"][^"]*)?"))*>)*$`,
)
globalThis.trustedTypes?.createPolicy('default', {
  createHTML: (html) => (inert.test(html) ? html : null),
  createScriptURL: (address) => (/^\/offline\.js\?language=[a-z-]+$/i.test(address) ? address : null),
})
