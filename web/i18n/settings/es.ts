/** Las páginas de Ajustes: su lista y la página de la clínica. */
export const settingsPages = {
  patientLog: {
    title: 'Qué ven los pacientes de quién abrió su historia',
    hint: 'En el portal, en Usted. Lo que se denegó no se muestra, ni otros pacientes.',
    roles: 'La función: Médico, Enfermería',
    names: 'El nombre y la función: Dra. Amara Osei (Médico)',
    saved: 'Guardado. Los pacientes lo ven así desde ahora, también de días anteriores.',
  },
  title: 'Ajustes',
  notForYou: 'Su función no abre esta página. Si la necesita, pídala al administrador de su clínica.',
  sections: {
    documentWorkflows: 'Flujos de documentos',
    reminders: 'Recordatorios',
    tasks: 'Tareas',
    clinic: 'Clínica',
    plan: 'Plan',
    import: 'Importar',
    openingHours: 'Horario',
    visitTypes: 'Tipos de visita',
    staff: 'Personal',
    accessLog: 'Registro de accesos',
    fees: 'Tarifas',
    noteTemplates: 'Plantillas de notas',
    failedWork: 'Trabajo fallido',
    payments: 'Pagos',
  },
  clinic: { name: 'Nombre', address: 'Dirección de la clínica en Tessera' },
} as const;
