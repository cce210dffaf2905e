import type { Texts } from '../catalogue.ts';
import type { app as en } from './en.ts';

export const app: Texts<typeof en> = {
  app: {
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
    other: 'Formulario',
    open: 'Abrir',
    copy: 'Copiar el texto',
    copied: 'Copiado',
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
