/**
 * The Litmus CRDs, cut down to what decides how objects are stored: one version, no subresources,
 * and fields that are kept although no schema names them.
 */
const crd = (plural: string, kind: string, listKind: string): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.litmuschaos.io` },
  spec: {
    group: 'litmuschaos.io',
    scope: 'Namespaced',
    names: { plural, kind, listKind, singular: kind.toLowerCase() },
    conversion: { strategy: 'None' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: {},
        schema: {
          openAPIV3Schema: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
            properties: {
              spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
});

export const LITMUS_CRDS: readonly object[] = [
  crd('chaosresults', 'ChaosResult', 'ChaosResultList'),
  crd('chaosengines', 'ChaosEngine', 'ChaosEngineList'),
];
