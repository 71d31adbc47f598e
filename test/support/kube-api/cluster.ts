import { describe, test } from '@jest/globals';

/**
 * Runs `suite` with the kubeconfig of a real cluster. Without KUBECONFIG it is skipped and says so;
 * where it is asked for (REQUIRE_KUBE=1, as `make kube` does) that is a failure.
 */
export function withCluster(suite: (kubeconfig: string) => void): void {
  const { KUBECONFIG, REQUIRE_KUBE } = process.env;
  if (KUBECONFIG !== undefined && KUBECONFIG !== '') {
    suite(KUBECONFIG);
    return;
  }
  const why = 'KUBECONFIG is not set, so nothing was tested against a real Kubernetes API server';
  if (REQUIRE_KUBE === '1') {
    test('a real Kubernetes API server is there', () => {
      throw new Error(why);
    });
    return;
  }
  process.stderr.write(`SKIPPED: ${why}\n`);
  describe.skip(`SKIPPED: ${why}`, () => {
    suite('');
  });
}
