/** Everyday short forms, English and Spanish; general knowledge, on purpose a short list. A word may stand in more than one row. */
const ROWS: readonly string[] = [
  'alexander alex sandy sasha alejandro',
  'alexandra alex sandra sasha alejandra',
  'andrew andy drew andres',
  'anthony tony antonio tono',
  'benjamin ben benny',
  'catherine katherine kate katie kathy cathy catalina',
  'charles charlie chuck carlos',
  'christopher chris cristobal',
  'concepcion concha conchita',
  'daniel dan danny',
  'david dave',
  'dolores lola',
  'edward ed eddie ted eduardo',
  'elizabeth liz beth betty eliza lisa isabel',
  'enrique quique henry harry',
  'francisco paco pancho frank francis',
  'guadalupe lupe lupita',
  'ignacio nacho',
  'james jim jimmy jamie',
  'jennifer jen jenny',
  'jesus chuy',
  'john jack johnny jon juan',
  'jose pepe joseph joe joey',
  'josefa pepa',
  'joshua josh',
  'manuel manolo manny',
  'margaret maggie meg peggy margarita',
  'matthew matt mateo',
  'mercedes merche',
  'michael mike mick miguel',
  'nicholas nick nicolas',
  'patricia pat patty tricia',
  'patrick pat paddy',
  'rafael rafa',
  'rebecca becky',
  'richard rick dick rich ricardo',
  'robert rob bob bobby roberto beto',
  'rosario charo',
  'samuel sam',
  'steven stephen steve esteban',
  'susan sue susie suzanne susana',
  'teresa tere theresa',
  'thomas tom tommy tomas',
  'victoria vicky',
  'william will bill billy guillermo memo',
];

const rowsOf = new Map<string, Set<number>>();
for (const [row, words] of ROWS.entries())
  for (const word of words.split(' ')) rowsOf.set(word, (rowsOf.get(word) ?? new Set<number>()).add(row));

/** Whether two given names, folded, may be one person's: "bill" and "william". */
export const areNicknames = (one: string, other: string): boolean => {
  const rows = rowsOf.get(other);
  return [...(rowsOf.get(one) ?? [])].some((row) => rows?.has(row));
};
