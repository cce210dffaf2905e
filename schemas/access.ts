import { PORTAL_CHART_TYPES, PORTAL_NAMED_TYPES } from './portal-records.ts';

/**
 * Roles and what each may do, written down once: the endpoint table, the web app's navigation and the hostile tests read it.
 * A permission names a FHIR type (or one of our own nouns) and an interaction: `Patient.read`, `Tenant.update`.
 */
export const TENANT_ROLES = ['admin', 'physician', 'nurse', 'front-desk', 'biller', 'auditor', 'patient'] as const;
export type Role = (typeof TENANT_ROLES)[number];
/** Platform roles are pool groups; they open no chart. */
export const PLATFORM_ROLES = ['operator'] as const;

export const INTERACTIONS = ['read', 'vread', 'history', 'search', 'create', 'update', 'delete', 'import'] as const;
export type Interaction = (typeof INTERACTIONS)[number];

const READING: readonly Interaction[] = ['read', 'vread', 'history', 'search'];
const WRITING: readonly Interaction[] = [...READING, 'create', 'update', 'delete'];

/** Who the clinic is and who works there: all staff see it, the admin and the front desk keep it. */
const DIRECTORY_TYPES = ['Organization', 'Practitioner', 'PractitionerRole', 'Location', 'HealthcareService'];
/** What the desk works on. No DocumentReference: visit notes are kept as such, and nobody reads more than the work needs (45 CFR 164.502(b)). */
const DESK_TYPES = [
  'Patient',
  'RelatedPerson',
  'Person',
  'Appointment',
  'AppointmentResponse',
  'Schedule',
  'Slot',
  'Coverage',
  'Encounter',
  'Communication',
  'Task',
];
const MONEY_TYPES = [
  'Account',
  'ChargeItem',
  'Claim',
  'ClaimResponse',
  'Coverage',
  'CoverageEligibilityRequest',
  'CoverageEligibilityResponse',
  'ExplanationOfBenefit',
  'Invoice',
  'PaymentNotice',
  'PaymentReconciliation',
];
/** Written only by the system. */
const SYSTEM_TYPES: readonly string[] = ['AuditEvent'];
/** Whether a request would write what the system alone writes: nobody may, whatever their role. */
export const isSystemWrite = (type: string, interaction: Interaction): boolean =>
  SYSTEM_TYPES.includes(type) && !READING.includes(interaction);
/** Ours, and no FHIR type: what a role may do with the clinic itself is said one by one. */
const OWN_NOUNS = [
  'Tenant',
  'Staff',
  'FailedWork',
  'Settings',
  'PortalAccess',
  'Portal',
  'Scan',
  'NoteTemplate',
  'Signature',
  'Plan',
];

type Grant = (type: string, interaction: Interaction) => boolean;
const within =
  (types: readonly string[], interactions: readonly Interaction[]): Grant =>
  (type, interaction) =>
    types.includes(type) && interactions.includes(interaction);
/** Scanned paper until it stands in a chart: to upload, look at and file. It opens no chart and no note. */
const SCANS: Grant = (type, interaction) => type === 'Scan' && ['read', 'search', 'create', 'update'].includes(interaction);
/** What a clinic asks for and is paid. Coverage is no money: who rooms a patient may be shown a new card. */
const LEDGER_TYPES = [...MONEY_TYPES.filter((type) => type !== 'Coverage'), 'ChargeItemDefinition'];
/** Whoever treats reads every record and writes all but money: what a visit costs is proposed from what they chart, and decided at the desk. */
const clinical: Grant = (type, interaction) =>
  ![...SYSTEM_TYPES, ...OWN_NOUNS].includes(type) && (LEDGER_TYPES.includes(type) ? READING : WRITING).includes(interaction);
/** Whoever sees the patient gives them the key to their own chart, and takes it back. */
const invitesPatients: Grant = within(['PortalAccess'], ['read', 'create', 'update']);

const GRANTS: Record<Role, readonly Grant[]> = {
  admin: [
    clinical,
    within(LEDGER_TYPES, WRITING),
    SCANS,
    within(['AuditEvent'], READING),
    within(['Tenant'], ['read', 'update', 'import']),
    within(['Staff'], ['read', 'create', 'update']),
    within(['FailedWork'], ['read', 'search', 'update']),
    within(['Plan'], ['read', 'update']),
    within(['Settings'], ['read', 'update']),
    within(['NoteTemplate'], ['create']),
    invitesPatients,
  ],
  // Which notes a nurse signs is the visit's to say (functions/visits).
  physician: [clinical, SCANS, invitesPatients, within(['Signature'], ['create']), within(['Tenant', 'Settings'], ['read'])],
  nurse: [clinical, SCANS, invitesPatients, within(['Signature'], ['create']), within(['Tenant', 'Settings'], ['read'])],
  'front-desk': [
    within(DESK_TYPES, WRITING),
    SCANS,
    within(DIRECTORY_TYPES, READING),
    within(['AllergyIntolerance'], READING),
    invitesPatients,
    // Takes money at the desk: what is owed, and cash or a check. Prices, refunds and write-offs are the biller's.
    within(['Account', 'Invoice', 'PaymentReconciliation'], READING),
    within(['PaymentReconciliation'], ['create']),
    within(['Tenant', 'Settings'], ['read']),
  ],
  biller: [
    within(['Coverage', ...LEDGER_TYPES], WRITING),
    within(['Patient', 'Encounter', 'Condition', 'Procedure', ...DIRECTORY_TYPES], READING),
    within(['Task'], [...READING, 'create', 'update']),
    within(['Plan'], ['read', 'update']),
    within(['Tenant', 'Settings'], ['read']),
  ],
  auditor: [within(['AuditEvent', 'Provenance', ...DIRECTORY_TYPES], READING), within(['Tenant'], ['read'])],
  // Of their own chart, which the record store holds them to. Nothing is written by a record's own endpoint: `Portal` is what they may do.
  patient: [
    within(PORTAL_CHART_TYPES, ['read', 'search']),
    within(PORTAL_NAMED_TYPES, ['read']),
    within(['Portal'], ['read', 'create', 'update']),
    within(['Tenant'], ['read']),
  ],
};

/** Whether any of the roles grants the interaction on the type. */
export const mayDo = (roles: readonly Role[], type: string, interaction: Interaction): boolean =>
  roles.some((role) => GRANTS[role].some((grant) => grant(type, interaction)));
