const LONGEST = 64;
const FORBIDDEN = /[^\w+=,.@-]+/g;

/** The run's name in CloudTrail. STS takes 2 to 64 of `[\w+=,.@-]`; the uid finds the run, so the name gives way. */
export function sessionName(experiment: string, uid: string): string {
  const id = uid.replace(FORBIDDEN, '-').slice(0, 36);
  const room = LONGEST - `litmus--${id}`.length;
  const name = experiment.replace(FORBIDDEN, '-').slice(0, room).replace(/-+$/, '');
  return `litmus-${name}-${id}`;
}
