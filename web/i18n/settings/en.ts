/** The pages below Settings: their list, and the clinic's own page. */
export const settingsPages = {
  patientLog: {
    title: 'What patients see of who opened their record',
    hint: 'In the portal, under You. What was refused is not shown, nor other patients.',
    roles: 'The role: Doctor, Nurse',
    names: 'The name and the role: Dr. Amara Osei (Doctor)',
    saved: 'Saved. Patients see it so from now on, also of earlier days.',
  },
  title: 'Settings',
  notForYou: 'Your role does not open this page. Ask your clinic’s administrator if you need it.',
  sections: {
    documentWorkflows: 'Document workflows',
    clinic: 'Clinic',
    openingHours: 'Opening hours',
    visitTypes: 'Visit types',
    reminders: 'Reminders',
    tasks: 'Tasks',
    plan: 'Plan',
    import: 'Import',
    staff: 'Staff',
    accessLog: 'Access log',
    fees: 'Fees',
    noteTemplates: 'Note templates',
    failedWork: 'Failed work',
    payments: 'Payments',
  },
  clinic: { name: 'Name', address: 'Address of the clinic in Tessera' },
} as const;
