// Not the package's index: that would bring the whole generated API with it. The path is internal, and therefore
// the version in package.json exact; a file that has moved fails the type check and the build.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { messageOf } from '../runtime/errors.ts';
import { KubeError } from './errors.ts';

/** Where client-node points when it found nothing at all; an experiment never means that server. */
const NOTHING_FOUND = 'http://localhost:8080';

/**
 * Reads KUBECONFIG, `~/.kube/config` or the pod's service account, in that order.
 * @throws KubeError of kind `config` when there is none, or it can't be used.
 */
export function loadKubeConfig(): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw unusable(`The Kubernetes configuration can't be read: ${messageOf(error)}`, error);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw unusable('The Kubernetes configuration names no current cluster');
  if (cluster.server === NOTHING_FOUND && cluster.name === 'cluster') {
    throw unusable(
      'There is no Kubernetes configuration: KUBECONFIG is not set and no service account token is mounted',
    );
  }
  if (cluster.proxyUrl !== undefined && cluster.proxyUrl !== '') {
    throw unusable(`The Kubernetes configuration asks for a proxy (proxy-url), which is not supported`);
  }
  return config;
}

const unusable = (message: string, cause?: unknown): KubeError =>
  new KubeError(message, {
    kind: 'config',
    request: { verb: 'load', resource: 'kubeconfig', object: 'default' },
    cause,
  });
