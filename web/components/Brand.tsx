import classes from './Brand.module.css';

/** The mark and the name. */
export function Brand({ short = false }: { short?: boolean }) {
  return (
    <span className={classes.brand}>
      <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" className={classes.ground} />
        <g fill="#fff">
          <rect x="7" y="7" width="8" height="8" rx="1.5" />
          <rect x="17" y="7" width="8" height="8" rx="1.5" opacity=".65" />
          <rect x="7" y="17" width="8" height="8" rx="1.5" opacity=".65" />
          <rect x="17" y="17" width="8" height="8" rx="1.5" />
        </g>
      </svg>
      <span className={short ? classes.hideable : undefined}>Tessera</span>
    </span>
  );
}
