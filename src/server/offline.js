// `page` and `style` stand above. A new style, or another language in this script's address, makes a new worker.
const name = `${style} ${location.search}`

self.addEventListener('install', (event) => {
  const keep = async () => {
    await (await caches.open(name)).addAll([page, style])
    await self.skipWaiting()
  }
  event.waitUntil(keep())
})

self.addEventListener('activate', (event) => {
  const dropOthers = async () => {
    const others = (await caches.keys()).filter((other) => other !== name)
    await Promise.all(others.map((other) => caches.delete(other)))
    await self.clients.claim()
  }
  event.waitUntil(dropOthers())
})

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  if (mode === 'navigate' && method === 'GET')
    event.respondWith(fetch(event.request).catch(() => caches.match(page)))
  else if (new URL(url).pathname === style)
    event.respondWith(caches.match(style).then((kept) => kept ?? fetch(event.request)))
})
