/** Las páginas de Ajustes: su lista y la página de la clínica. */
export const settingsPages = {
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
