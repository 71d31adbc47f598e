/** Credentials as the stand-in hands them out. */
export interface IssuedKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Makes keys and remembers whose they are. */
export class Issuer {
  readonly #owners = new Map<string, string>();
  #count = 0;
  /** Milliseconds that keys issued from now on live. */
  lifetimeMs = 3_600_000;

  issue(ownerArn: string): IssuedKeys {
    this.#count += 1;
    const number = String(this.#count).padStart(4, '0');
    const accessKeyId = `ASIASTANDIN00000${number}`;
    this.#owners.set(accessKeyId, ownerArn);
    return {
      accessKeyId,
      secretAccessKey: `PlantedSecret${number}aB3dEfGhIjKlMnOpQrStUvW`,
      sessionToken: `planted-session-token-${number}`,
      expiration: new Date(Date.now() + this.lifetimeMs),
    };
  }

  /** A fixed key, as a file or the environment holds it. */
  register(accessKeyId: string, ownerArn: string): void {
    this.#owners.set(accessKeyId, ownerArn);
  }

  ownerOf(accessKeyId: string): string | undefined {
    return this.#owners.get(accessKeyId);
  }
}
