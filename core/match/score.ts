/**
 * How likely two records are of one person. Pure; the weights are points, 10 of them are a score of 1.
 * They follow the order of telling power in Fellegi and Sunter's model (1969); their size is ours, set on the hard cases of score.test.ts.
 *
 * Invariants (score.test.ts): the score is symmetric; what agrees never lowers it; two equal records with a name and a whole birth date are certain.
 */
import type { Patient } from 'fhir/r4';
import type { MatchGrade, MatchReason } from '../../schemas/match.ts';
import { areSimilar, dateLikeness } from './likeness.ts';
import { areNicknames } from './nicknames.ts';
import { type Name, type Person, toPerson } from './person.ts';

export interface MatchScore {
  /** 0 to 1, two decimals. */
  readonly score: number;
  readonly grade: MatchGrade;
  readonly reasons: readonly MatchReason[];
}
interface Finding {
  readonly points: number;
  readonly reason?: MatchReason;
}

const POINTS_OF_ONE = 10;
/** A household shares telephone, e-mail and address: together they weigh no more than this. */
const MOST_FOR_CONTACTS = 2.5;
const NOTHING: Finding = { points: 0 };

export function scoreMatch(one: Patient, other: Patient): MatchScore {
  return scorePeople(toPerson(one), toPerson(other));
}

export function scorePeople(one: Person, other: Person): MatchScore {
  const contacts = [phones(one, other), emails(one, other), homes(one, other)];
  const findings = [identifiers(one, other), names(one, other), birthDates(one, other), ...contacts, sexes(one, other)];
  const beyond = Math.max(0, sum(contacts) - MOST_FOR_CONTACTS);
  const score = Math.round(Math.min(1, Math.max(0, (sum(findings) - beyond) / POINTS_OF_ONE)) * 100) / 100;
  return { score, grade: gradeOf(score), reasons: findings.flatMap(({ reason }) => reason ?? []) };
}

const sum = (findings: readonly Finding[]): number => findings.reduce((total, { points }) => total + points, 0);
/** Grades of FHIR R4's ValueSet match-grade. */
const gradeOf = (score: number): MatchGrade =>
  score >= 0.8 ? 'certain' : score >= 0.6 ? 'probable' : score >= 0.3 ? 'possible' : 'certainly-not';

const shared = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => [...one].some((value) => other.has(value));

const identifiers = (one: Person, other: Person): Finding =>
  shared(one.identifiers, other.identifiers) ? { points: 6, reason: 'same-identifier' } : NOTHING;
const phones = (one: Person, other: Person): Finding =>
  shared(one.phones, other.phones) ? { points: 2, reason: 'same-phone' } : NOTHING;
const emails = (one: Person, other: Person): Finding =>
  shared(one.emails, other.emails) ? { points: 2.5, reason: 'same-email' } : NOTHING;

function homes(one: Person, other: Person): Finding {
  const same = one.homes.some((home) =>
    other.homes.some(({ street, place }) => street !== '' && street === home.street && place === home.place),
  );
  return same ? { points: 1.5, reason: 'same-address' } : NOTHING;
}

/** Unknown on one side says nothing; `other` may be how somebody else wrote it down. */
function sexes({ sex: one }: Person, { sex: other }: Person): Finding {
  if (!one || !other) return NOTHING;
  if (one === other) return { points: 0.3 };
  return { points: -1.5, reason: 'other-sex' };
}

function birthDates(one: Person, other: Person): Finding {
  switch (dateLikeness(one.birthDate, other.birthDate)) {
    case 'same':
      return { points: 4, reason: 'same-birth-date' };
    case 'swapped':
      return { points: 2.5, reason: 'swapped-birth-date' };
    case 'one-digit':
      return { points: 2, reason: 'near-birth-date' };
    case 'partly':
      return { points: 1.5, reason: 'partial-birth-date' };
    case 'different':
      return { points: -4, reason: 'other-birth-date' };
    case 'unknown':
      return NOTHING;
  }
}

/** The best of all pairs: people have former names, and names in two scripts. */
function names(one: Person, other: Person): Finding {
  const found = one.names.flatMap((name) => other.names.map((candidate) => nameFinding(name, candidate)));
  return found.reduce<Finding>((best, next) => (best.reason && !outweighs(next, best) ? best : next), NOTHING);
}

/** Of equal points the reason that stands first in the alphabet: whose names are listed first must not matter. */
const outweighs = (one: Finding, other: Finding): boolean =>
  one.points !== other.points ? one.points > other.points : (one.reason ?? '') < (other.reason ?? '');

type Likeness = 'same' | 'similar' | 'different' | 'unknown';

function nameFinding(one: Name, other: Name): Finding {
  const straight = { given: givenLikeness(one.given, other.given), family: wordsLikeness(one.family, other.family) };
  if (straight.given === 'same' && straight.family === 'same') return { points: 4, reason: 'same-name' };
  const turned = [wordsLikeness(one.given, other.family), wordsLikeness(one.family, other.given)];
  if (turned.every((likeness) => likeness === 'same')) return { points: 4, reason: 'swapped-name' };
  if (agrees(straight.given) && agrees(straight.family)) return { points: 3, reason: 'similar-name' };
  if (agrees(straight.given)) return { points: straight.family === 'unknown' ? 1.5 : 0.5, reason: 'same-given-name' };
  // Brothers and sisters share it: another given name speaks against one person.
  if (agrees(straight.family)) return { points: straight.given === 'unknown' ? 1.5 : -2, reason: 'same-family-name' };
  return { points: -4, reason: 'other-name' };
}

const agrees = (likeness: Likeness): boolean => likeness === 'same' || likeness === 'similar';

/** By words: equal lists are `same`; each word of the shorter list having its like in the longer one is `similar` ("García" and "García López"). */
function wordsLikeness(one: readonly string[], other: readonly string[], like = areSimilar): Likeness {
  if (one.length === 0 || other.length === 0) return 'unknown';
  if ([...one].sort().join(' ') === [...other].sort().join(' ')) return 'same';
  if (one.join('') === other.join('')) return 'same';
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
  const covered = shorter.every((word) => longer.some((candidate) => like(word, candidate)));
  // Of two lists as long as each other, either may be the shorter one.
  const both = one.length !== other.length || longer.every((word) => shorter.some((candidate) => like(word, candidate)));
  return covered && both ? 'similar' : 'different';
}

/** Given names: short forms count, and an initial for the name it begins. */
const givenLikeness = (one: readonly string[], other: readonly string[]): Likeness =>
  wordsLikeness(
    one,
    other,
    (word, candidate) =>
      areSimilar(word, candidate) ||
      areNicknames(word, candidate) ||
      ((word.length === 1 || candidate.length === 1) && word[0] === candidate[0]),
  );
