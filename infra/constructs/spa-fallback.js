// A CloudFront Function (JavaScript runtime 2.0), before the cache: addresses of screens are answered with the app itself.
// Not by error pages: those would also turn the API's 404 into 200.
// A file lies under /assets/ or at the root with a dot in its name; a tenant's slug has no dot, a record's id may have one.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request;
  const isFile = request.uri.startsWith('/assets/') || /^\/[^/]*\.[^/]*$/.test(request.uri);
  if (!isFile) request.uri = '/index.html';
  return request;
}
