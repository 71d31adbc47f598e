import type { IssuedKeys } from './issuer.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** An STS answer as the query protocol has it. */
export const xmlAnswer = (action: string, result: string): Answer => ({
  status: 200,
  contentType: 'text/xml',
  body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>11111111-2222-3333-4444-555555555555</RequestId></ResponseMetadata></${action}Response>`,
});

export const xmlError = (status: number, code: string, message: string): Answer => ({
  status,
  contentType: 'text/xml',
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>11111111-2222-3333-4444-666666666666</RequestId></ErrorResponse>`,
});

export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(value),
});

export const credentialsXml = (keys: IssuedKeys): string =>
  `<Credentials><AccessKeyId>${keys.accessKeyId}</AccessKeyId><SecretAccessKey>${keys.secretAccessKey}</SecretAccessKey>` +
  `<SessionToken>${keys.sessionToken}</SessionToken><Expiration>${keys.expiration.toISOString()}</Expiration></Credentials>`;

/** What the Pod Identity agent and the node's metadata service answer. */
export const credentialsJson = (keys: IssuedKeys): Answer =>
  jsonAnswer({
    Code: 'Success',
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    Token: keys.sessionToken,
    Expiration: keys.expiration.toISOString(),
  });
