/** The rules of the API that no row of a table says: the prose part of docs/api.md. */
export const API_POLICIES = `## Rules

- **Tokens.** \`Authorization: Bearer\` with an access token of one of the issuers that \`/api/platform/config\` names. The token's \`tenants\` claim says which clinics it opens, with which roles. A clinic that it does not name is 404, exactly as one that does not exist.
- **Bodies** are \`application/fhir+json\` or \`application/json\` in UTF-8, plain or gzip, 4 MB once unpacked and 64 levels deep at most. \`_search\` takes a form. Anything else is 415. Answers are JSON; another \`_format\` is 406.
- **Versions.** A record's version is its ETag, \`W/"3"\`. \`If-Match\` with an older one is 412; a race that is lost after that check is 409: read again, then decide. A PUT without \`If-Match\` replaces the version that is current at that moment, which the history keeps. A PUT to a free id creates.
- **Repeats.** \`Idempotency-Key\` (8 to 128 visible ASCII characters) makes the repeat of a write answer the first result for a day; the key with other content is 422. \`If-None-Exist\` makes a create conditional: one match is the answer (200), several are 412, and of racers with the same criteria one creates.
- **What comes back.** \`Prefer: return=minimal\`, \`representation\` (the default) or \`OperationOutcome\`. Location names the version that was written.
- **Validity.** 400: not JSON, or not valid R4. 422: valid, but a reference or a rule of the clinic stands against it. Both name every fault at once.
- **References.** What a relative reference names must exist in the same clinic, or be written by the same transaction; a record that was seen less than a minute ago counts as existing. Our own absolute addresses are stored as relative ones. References to other servers, to contained resources, and by identifier alone are stored as they are. References by search (\`Practitioner?identifier=...\`) are resolved in a transaction and refused elsewhere.
- **Deletes** answer 204, again and again; the record is 410 from then on, and a PUT revives it. A Patient whose chart is not empty is 409.
- **Search.** Parameters come in the address or, for \`_search\`, in a form: repeats are AND, commas are OR. A parameter that we do not know is ignored and left out of the self link, or 400 under \`Prefer: handling=strict\`. Page links are good for the clinic and the question that they were made for.
- **Bundles.** A batch runs each entry by itself, under the permission and with the audit row of a request of its own. A transaction is one write to the database: all or nothing, about 49 creates (33 when each has a code row); above that it is 413, and \`$import\` takes it.
- **Audit.** Reads, searches and refusals leave an AuditEvent before they are answered; a write leaves it in its own transaction. AuditEvents are written by the system alone.
- **Not there yet:** PATCH, conditional update and delete, history of a type or of everything, reading AuditEvents. The CapabilityStatement says so, and the addresses answer 405 or 404.
`;
