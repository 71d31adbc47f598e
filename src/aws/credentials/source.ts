/** One place that credentials can come from, with everything needed to ask it. */
export type CredentialSource =
  /** Without a path: the SDK's own default files. */
  | { readonly kind: 'file'; readonly path?: string; readonly profile: string }
  | { readonly kind: 'environment' }
  | { readonly kind: 'web-identity'; readonly tokenFile: string; readonly roleArn: string }
  | {
      readonly kind: 'container';
      readonly relativeUri?: string;
      readonly fullUri?: string;
      readonly tokenFile?: string;
    }
  | { readonly kind: 'node-metadata' };

/** The source in the words of the log. */
export function describeSource(source: CredentialSource): string {
  switch (source.kind) {
    case 'file':
      return `file ${source.path ?? '~/.aws'} [${source.profile}]`;
    case 'environment':
      return 'environment keys (AWS_ACCESS_KEY_ID)';
    case 'web-identity':
      return `IRSA role ${source.roleArn}`;
    case 'container':
      return source.relativeUri === undefined && isPodIdentity(source.fullUri)
        ? 'EKS Pod Identity'
        : `container endpoint ${source.relativeUri ?? source.fullUri ?? ''}`;
    case 'node-metadata':
      return "the node's metadata service";
  }
}

/** The link-local addresses of the EKS Pod Identity agent. */
const isPodIdentity = (uri: string | undefined): boolean =>
  ['169.254.170.23', '[fd00:ec2::23]'].includes(URL.parse(uri ?? '')?.hostname ?? '');
