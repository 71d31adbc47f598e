import { startLambda } from '../../demo/lambda/server.ts';
import { sourceNamed } from '../../demo/lambda/model/sources.ts';
import { lambdaApiContract, type ContractWorld } from './lambda-api.suite.ts';

const PLACE = { account: '123456789012', region: 'us-east-1' };
const LAGS = { disablingLagMs: 80, enablingLagMs: 80, updatingLagMs: 80 };

lambdaApiContract({
  name: 'the stand-in',
  deviations: {},
  async makeWorld({ throttled }): Promise<ContractWorld> {
    const standIn = await startLambda({ ...PLACE, lags: LAGS, ...(throttled ? {} : { rateLimit: false }) });
    standIn.addFunction({ name: 'orders', versions: ['1'], aliases: { live: '1' } });
    const of = (sourceArn: string): string =>
      standIn.state().mappings.find(({ source }) => source.arn === sourceArn)?.uuid ?? '';
    return {
      endpoint: standIn.url,
      region: PLACE.region,
      accessKeyId: 'AKIACONTRACT',
      settleMs: 2000,
      pollMs: 120,
      makeSource: (type, name) => Promise.resolve(sourceNamed(type, name, PLACE).arn ?? ''),
      produce(sourceArn, count) {
        standIn.steer(of(sourceArn), { produce: count });
        return Promise.resolve();
      },
      waiting: (sourceArn) => Promise.resolve(standIn.mapping(of(sourceArn)).ledger.backlog),
      close: () => standIn.close(),
    };
  },
});
