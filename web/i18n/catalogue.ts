/** Every language has exactly the texts of English: a missing or a superfluous one does not compile. */
export type Texts<T> = { readonly [Name in keyof T]: T[Name] extends string ? string : Texts<T[Name]> };
