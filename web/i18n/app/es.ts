import type { Texts } from '../catalogue.ts';
import type { app as en } from './en.ts';

export const app: Texts<typeof en> = {
  app: {
    outdated: 'No se ha podido volver a leer.',
    outdatedNext: 'Lo que ve puede no estar al día. Lo que ha escrito sigue aquí.',
    offline: 'No hay conexión.',
    offlineNext: 'No se pueden leer ni guardar historias. Lo que ha escrito se conserva en esta ventana: no la cierre.',
    newVersion: 'Hay una versión nueva.',
    newVersionNext: 'Lo que ha escrito en una historia se conserva.',
    reload: 'Cargar de nuevo',
  },
  kept: {
    title: 'Escrito y todavía sin guardar',
    allergy: 'Alergia',
    'blood-pressure': 'Presión arterial',
    patient: 'Paciente nuevo',
    other: 'Formulario',
    open: 'Abrir',
    copy: 'Copiar el texto',
    copied: 'Copiado',
  },
  crash: {
    pageTitle: 'No se pudo mostrar esta página',
    panelTitle: 'No se pudo mostrar esta parte',
    text: 'El fallo está en Tessera, no en lo que usted hizo. No se ha perdido nada de lo guardado, y lo que escribió en una historia se conserva. Cargue la página de nuevo; si vuelve a fallar, envíe un informe.',
    partTitle: 'Una parte de Tessera no ha llegado',
    partText:
      'Falló la conexión o hay una versión nueva. Lo que escribió en una historia se conserva. Cargue la página de nuevo.',
    send: 'Enviar un informe',
    what: 'Qué dice el informe',
    sent: 'El informe se ha enviado. Gracias.',
    notSent: 'No se pudo enviar el informe. Lo demás no se ve afectado: cargue la página de nuevo.',
  },
  reports: {
    title: 'Pantallas con fallos',
    intro:
      'Lo que se ha comunicado de pantallas que fallaron, cada fallo una vez, durante 90 días. Un informe no nombra a ninguna persona, clínica ni registro.',
    none: 'Nadie ha comunicado un fallo en los últimos 90 días.',
    count: 'Informes',
    fault: 'Fallo',
    where: 'Pantalla',
    last: 'Última vez',
    first: 'Primera vez',
    version: 'Versión',
    on: 'en {{browser}}, {{language}}',
    places: { page: 'toda la página', panel: 'una parte de la página' },
  },
  leave: {
    title: '¿Cerrar la sesión y perder lo escrito?',
    text_one:
      'Hay un formulario sin guardar. Al cerrar la sesión se borra lo escrito, para que no lo lea quien use después este dispositivo.',
    text_other:
      'Hay {{count}} formularios sin guardar. Al cerrar la sesión se borra lo escrito, para que no lo lea quien use después este dispositivo.',
    stay: 'Seguir en la sesión',
    leave: 'Borrar y cerrar la sesión',
  },
};
