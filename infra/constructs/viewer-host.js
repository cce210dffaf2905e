// A CloudFront Function (JavaScript runtime 2.0), before an API request goes to its origin: tells the API the host that the viewer
// asked for, so that its links and Locations lead through the distribution, and the address that it asked from, by which attempts to
// sign up are counted. Whatever the viewer says of itself there is replaced.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request;
  delete request.headers['x-forwarded-host'];
  if (request.headers.host) request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  request.headers['x-viewer-address'] = { value: event.viewer.ip };
  return request;
}
