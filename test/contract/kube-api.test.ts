import { openStandIn } from '../support/kube-api/world.ts';
import { describeKubeApi } from './kube-api.suite.ts';

describeKubeApi('the Kubernetes stand-in', openStandIn);
