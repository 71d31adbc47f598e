export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable's value, trimmed; empty means that it isn't set. */
export const read = (env: Environment, name: string): string | undefined => {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
};

/** Takes a problem with one variable. */
export type Report = (subject: string, message: string) => void;
