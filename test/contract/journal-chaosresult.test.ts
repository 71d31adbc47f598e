import { openStandIn } from '../support/kube-api/world.ts';
import { describeChaosResult } from './journal-chaosresult.suite.ts';

describeChaosResult('a ChaosResult on the Kubernetes stand-in', openStandIn);
