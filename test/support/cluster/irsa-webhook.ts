import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Api } from './api.ts';
import { core } from './api.ts';
import type { Meta } from './objects.ts';
import { apply, kubectl, run } from './programs.ts';

const ROLE = 'eks.amazonaws.com/role-arn';
const FOLDER = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
export const AUDIENCE = 'sts.amazonaws.com';

interface Review {
  readonly request: {
    readonly uid: string;
    readonly namespace: string;
    readonly object: {
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly volumes?: readonly object[];
        readonly containers: readonly {
          readonly env?: readonly object[];
          readonly volumeMounts?: readonly object[];
        }[];
      };
    };
  };
}

/**
 * What EKS does for IRSA (aws/amazon-eks-pod-identity-webhook): a pod whose service account names a role gets a
 * projected token for STS, and the two variables that tell an SDK of them. A real cluster calls it.
 */
export class IrsaWebhook {
  readonly #api: Api;
  readonly #name: string;
  readonly #server: Server;
  readonly #folder: string;

  private constructor(api: Api, name: string, folder: string) {
    this.#api = api;
    this.#name = name;
    this.#folder = folder;
    const tls = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
    this.#server = createServer(tls, (request, response) => {
      this.#answer(request, response).catch(() => response.writeHead(500).end());
    });
  }

  /** Registers it for the pods of `namespace`; the API server reaches it at `host`. */
  static async open(api: Api, namespace: string, host: string): Promise<IrsaWebhook> {
    const folder = mkdtempSync(join(tmpdir(), 'irsa-'));
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=irsa', '-addext', `subjectAltName=IP:${host}`];
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '1',
      ...files,
      ...subject,
    ]);
    const webhook = new IrsaWebhook(api, `irsa-${namespace}`, folder);
    await new Promise<void>((resolve) => webhook.#server.listen(0, '0.0.0.0', resolve));
    await webhook.#register(namespace, host);
    return webhook;
  }

  async close(): Promise<void> {
    await kubectl('delete', 'mutatingwebhookconfiguration', this.#name);
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #register(namespace: string, host: string): Promise<string> {
    const { port } = this.#server.address() as AddressInfo;
    const caBundle = readFileSync(join(this.#folder, 'cert.pem')).toString('base64');
    return apply(namespace, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: this.#name },
      webhooks: [
        {
          name: 'irsa.lambda-chaos.test',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
          clientConfig: { url: `https://${host}:${port}/mutate`, caBundle },
        },
      ],
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { request: asked } = (await json(request)) as Review;
    const { uid, namespace, object } = asked;
    const account = await this.#api.find<{ metadata: Meta }>(
      core(namespace, 'serviceaccounts', object.spec.serviceAccountName ?? 'default'),
    );
    const role = account?.metadata.annotations?.[ROLE];
    const patch = role === undefined ? [] : patchFor(object.spec, role);
    const answer = { uid, allowed: true, patchType: 'JSONPatch', patch: encode(patch) };
    const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(review));
  }
}

const encode = (patch: readonly object[]): string => Buffer.from(JSON.stringify(patch)).toString('base64');

function patchFor(spec: Review['request']['object']['spec'], role: string): object[] {
  const name = 'aws-iam-token';
  const token = { serviceAccountToken: { audience: AUDIENCE, expirationSeconds: 86_400, path: 'token' } };
  const env = [
    { name: 'AWS_ROLE_ARN', value: role },
    { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `${FOLDER}/token` },
    { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
  ];
  const put = (path: string, value: object): object => ({ op: 'add', path, value });
  return [
    put('/spec/volumes', [...(spec.volumes ?? []), { name, projected: { sources: [token] } }]),
    ...spec.containers.flatMap((container, index) => [
      put(`/spec/containers/${index}/env`, [...(container.env ?? []), ...env]),
      put(`/spec/containers/${index}/volumeMounts`, [
        ...(container.volumeMounts ?? []),
        { name, mountPath: FOLDER, readOnly: true },
      ]),
    ]),
  ];
}
