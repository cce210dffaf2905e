/** A text with its `{{names}}` filled in; what has no value is left out. */
export const filledText = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
