/** The page where a patient answers. The secret is in the fragment, which no browser sends anywhere: not to us with the page, nor to a mail scanner's log. */
export const linkOf = (appUrl: string, slug: string, token: string): string => `${appUrl}/visit/${slug}#${token}`;
