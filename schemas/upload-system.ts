/** By which a document names the upload that it came from. */
export const UPLOAD_SYSTEM = 'https://tessera.example/fhir/NamingSystem/upload';
