import { describeKubeApi } from '../contract/kube-api.suite.ts';
import { withCluster } from '../support/kube-api/cluster.ts';
import { openCluster } from '../support/kube-api/world.ts';

withCluster((kubeconfig) => {
  describeKubeApi('a real Kubernetes API server', () => openCluster(kubeconfig));
});
