import type { Texts } from '../catalogue.ts';
import type { help as en } from './en.ts';

export const help: Texts<typeof en> = {
  help: {
    keys: 'Teclas',
    places: {
      anywhere: 'En cualquier sitio',
      chart: 'En una historia',
      record: 'Junto a un registro abierto o en una tarea',
      note: 'En una nota',
      inbox: 'En la bandeja',
    },
    shortcuts: {
      search: 'Buscar un paciente',
      palette: 'Todos los comandos',
      today: 'Ir a hoy',
      calendar: 'Ir al calendario',
      patients: 'Ir a pacientes',
      inbox: 'Ir a la bandeja',
      documents: 'Ir a documentos',
      billing: 'Ir a facturación',
      settings: 'Ir a ajustes',
      help: 'Esta ayuda',
      close: 'Cerrar lo que está abierto; no se pierde nada de lo escrito en una historia',
      overview: 'Ir al resumen',
      create: 'Nuevo: en la historia abierta, un registro o una visita; si no, un paciente o una tarea',
      edit: 'Corregir el registro abierto; en la bandeja, completar o abrir la tarea',
      sign: 'Firmar la nota',
      next: 'Tarea siguiente',
      previous: 'Tarea anterior',
      mark: 'Marcar la tarea',
      take: 'Asumir la tarea',
      handOver: 'Entregar la tarea',
      snooze: 'Posponer la tarea',
    },
    howTo: 'Cómo se hace',
    showGuide: 'Volver a ver los primeros pasos',
    roleTitle: 'Qué permite su función: {{roles}}',
    permissions: { write: 'leer y escribir', read: 'leer', none: 'sin acceso' },
    roleNext: 'El administrador de su clínica asigna y cambia las funciones.',
    version: 'Tessera {{version}}',
    status: '¿Funciona todo?',
    report: 'Comunicar un problema de esta pantalla',
  },
  guide: {
    title: 'Primeros pasos',
    at: '{{at}} de {{of}}',
    next: 'Siguiente',
    skip: 'Omitir',
    done: 'Listo',
    toSettings: 'Ir a los ajustes',
    steps: {
      begin: {
        title: 'Añada sus primeros pacientes',
        text: 'De uno en uno con «Paciente nuevo», o todos a la vez con «Importar pacientes»: archivos FHIR o una tabla de pacientes (CSV). Repetir el mismo archivo no cambia nada.',
      },
      find: {
        title: 'Buscar un paciente',
        text: 'Pulse / y escriba una parte del nombre, la fecha de nacimiento, el teléfono o el número de historia. Intro abre el primero.',
      },
      read: {
        title: 'Leer una historia',
        text: 'Cada panel muestra lo más reciente; su título lleva a todo lo demás. Al pulsar una línea se abre su registro junto a la historia, con su historial.',
      },
      allergy: {
        title: 'Registrar una alergia',
        text: 'Abra la historia, pulse N y elija «Registrar alergia». Lo que escriba se conserva hasta que lo guarde, y lo guardado se puede deshacer durante diez segundos.',
      },
      import: {
        title: 'Traer historias',
        text: 'En los ajustes, en importaciones: archivos FHIR de su sistema anterior o una tabla de pacientes. Repetir el mismo archivo no cambia nada.',
      },
      invite: {
        title: 'Invitar a un compañero',
        text: 'En los ajustes, en «Personal»: bastan una dirección de correo y una función. Recibirá un enlace por correo.',
      },
      keys: {
        title: 'Trabajar con el teclado',
        text: 'Pulse ? para ver todas las teclas y esta guía. Ctrl K encuentra cualquier comando.',
      },
    },
  },
};
