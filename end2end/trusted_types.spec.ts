// What a script has the browser read as HTML, or load as a script, is refused unless it is inert.
import { expect, test as own } from './portal.ts'

// The page as the browser gives it: its refusals, which fail every other test, are what is asked for.
const test = own.extend({ page: async ({ context }, use) => use(await context.newPage()) })

test('a script makes no HTML that runs, loads, embeds or sends something', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const taken = (texts: string[]) =>
    page.evaluate(
      (texts) =>
        texts.filter((text) => {
          try {
            document.createElement('div').innerHTML = text
            return true
          } catch {
            return false
          }
        }),
      texts,
    )
  const inert = ['', 'x', '<b class="x">y</b>', '<path d="M1 2"></path><circle r="2"></circle>', '<a href="/add">Add</a>']
  expect(await taken(inert)).toEqual(inert)
  expect(
    await taken([
      '<img src=x>',
      '<script src="/pkg/x.js"></script>',
      '<svg><script>x()</script></svg>',
      '<b class="x" onclick="x()">y</b>',
      '<b\nonclick="x()">y</b>',
      '<b style="color: red">y</b>',
      '<a href="javascript:x()">y</a>',
      '<a href="//elsewhere.example/">y</a>',
      '<a href="/\\elsewhere.example/">y</a>',
      '<a href="https://elsewhere.example/">y</a>',
      '<form action="/api/log_out"></form>',
      '<input formaction="/api/log_out">',
      '<iframe srcdoc="x"></iframe>',
      '<base href="/x/">',
      '<meta http-equiv="refresh" content="0">',
      '<!-- x -->',
    ]),
  ).toEqual([])
})

test('a script makes no script, and no policy of its own', async ({ page, portal }) => {
  await portal.desk(page, 'admin-1.1')
  const done = await page.evaluate(() => {
    const types = (window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }).trustedTypes
    const tries: Record<string, () => unknown> = {
      source: () => (document.createElement('script').src = '/pkg/x.js'),
      text: () => (document.createElement('script').text = 'x()'),
      handler: () => document.createElement('b').setAttribute('onclick', 'x()'),
      document: () => document.write('<b>x</b><script>x()</script>'),
      parser: () => new DOMParser().parseFromString('<img src=x>', 'text/html'),
      worker: () => new Worker('/pkg/x.js'),
      policy: () => types.createPolicy('own', {}),
      another: () => types.createPolicy('default', {}),
    }
    return Object.keys(tries).filter((name) => {
      try {
        tries[name]?.()
        return true
      } catch {
        return false
      }
    })
  })
  expect(done).toEqual([])
})
