import { describeChaosResult } from '../contract/journal-chaosresult.suite.ts';
import { describeRunStore } from '../contract/journal.suite.ts';
import { chaosResultWorld } from '../contract/journal.world.ts';
import { withCluster } from '../support/kube-api/cluster.ts';
import { openCluster } from '../support/kube-api/world.ts';

withCluster((kubeconfig) => {
  describeChaosResult('a ChaosResult on a real Kubernetes API server', () => openCluster(kubeconfig));
  describeRunStore('the run store in a ChaosResult of a real Kubernetes API server', async () =>
    chaosResultWorld(await openCluster(kubeconfig)),
  );
});
