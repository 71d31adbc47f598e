import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { podSpecOf } from '../support/chart/litmus.ts';
import {
  only,
  parseObjects,
  render,
  templateArguments,
  type PodSpec,
  type Rendering,
} from '../support/chart/objects.ts';
import { CHART, helm, mustSucceed } from '../support/chart/programs.ts';

const notes = async (rendering: Rendering): Promise<string> => {
  const text = await mustSucceed(
    helm(['install', ...templateArguments(rendering), '--dry-run=client'], {
      ...(rendering.json === undefined ? {} : { input: JSON.stringify(rendering.json) }),
    }),
  );
  return text.slice(text.indexOf('NOTES:'));
};

const ACTIVE = `--type merge -p '{"spec":{"engineState":"active"}}'`;
const STOP = `--type merge -p '{"spec":{"engineState":"stop"}}'`;

describe('the notes after an installation', () => {
  test('say how to start, check, watch, abort and undo each engine', async () => {
    const text = await notes({ variant: 'parallel' });
    for (const command of [
      'kubectl -n chaos delete pod orders-parallel-runner --ignore-not-found',
      `kubectl -n chaos patch chaosengine orders-parallel ${ACTIVE}`,
      'helm -n chaos test lambda-chaos --logs',
      'kubectl -n chaos logs -f -l name=lambda-toggle-event-mapping-state --tail=-1',
      'get chaosresult orders-parallel-lambda-toggle-event-mapping-state',
      `kubectl -n chaos patch chaosengine orders-parallel ${STOP}`,
      'aws lambda update-event-source-mapping --region eu-west-1 --uuid 14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11 --enabled',
      'aws lambda update-event-source-mapping --region eu-west-1 --uuid 7f3c1d52-0b44-4c6f-9a9d-0e1c2b3a4d55 --enabled',
      'docs/how-to/stuck.md',
    ])
      expect(text).toContain(command);
  });

  test('undo the targets of engines too, by UUID where an ARN was given, and each once', async () => {
    const text = await notes({ variant: 'everything' });
    const undone = [...text.matchAll(/aws lambda update-event-source-mapping (.+)$/gm)].map(
      (match) => match[1],
    );
    expect(undone.sort()).toEqual([
      '--region eu-west-1 --uuid 14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11 --enabled',
      '--region eu-west-1 --uuid 7f3c1d52-0b44-4c6f-9a9d-0e1c2b3a4d55 --enabled',
      '--region us-gov-west-1 --uuid a1b2c3d4 --enabled',
    ]);
  });

  test('without an engine hand over one to apply, and without a target the command that names one', async () => {
    expect(await notes({ variant: 'sweeper' })).toMatch(
      /^kubectl -n chaos delete pod lambda-chaos-runner .*\nkubectl apply -f - <<'EOF'\napiVersion: litmuschaos\.io/m,
    );
    expect(await notes({})).toContain(
      'helm -n chaos upgrade lambda-chaos charts/lambda-chaos --reset-then-reuse-values --set target',
    );
  });

  test('say that an active engine has begun', async () => {
    const json = { engines: { 'orders-parallel': { engineState: 'active' } } };
    const text = await notes({ variant: 'parallel', json });
    expect(text).toContain('ChaosEngine orders-parallel is active: its run begins now.');
    expect(text).not.toContain(ACTIVE);
  });

  test('undo with the sweeper where there is one, under a name that is new each time', async () => {
    const text = await notes({ variant: 'sweeper' });
    expect(text).toContain(
      'job=sweep-$(date +%s)\n    kubectl -n chaos create job "$job" --from=cronjob/lambda-chaos-sweeper',
    );
    expect(text).not.toContain('There is no sweeper');
    expect(text).not.toContain('kind: Job');
  });

  test('undo without a sweeper with a Job that has the pod of one, and not with an upgrade', async () => {
    const text = await notes({ variant: 'file-secret' });
    expect(text).not.toContain('sweeper.enabled=true\n    kubectl');
    const [job] = parseObjects(/^job=.*<<'EOF'\n([\s\S]*?)^EOF$/m.exec(text)?.[1] ?? '');
    const ours = podSpecOf(job ?? only([], 'Job'));
    const swept = await render({ variant: 'file-secret', set: ['sweeper.enabled=true'] });
    const theirs = podSpecOf(only(swept, 'CronJob'));
    expect(ours.containers[0]?.args).toEqual(['/app/main.cjs', 'revert', '--engine', 'orders-file-secret']);
    const withoutArgs = ({ containers, ...spec }: PodSpec): object => ({
      ...spec,
      containers: containers.map((container) => ({ ...container, args: [] })),
    });
    expect(withoutArgs(ours)).toEqual(withoutArgs(theirs));
  });

  test('give the engine to paste the resources that those of the chart have', async () => {
    const { resources } = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as { resources: object };
    const [engine] = parseObjects(
      /<<'EOF'\n([\s\S]*?)^EOF$/m.exec(await notes({ variant: 'sweeper' }))?.[1] ?? '',
    );
    expect(engine?.spec).toMatchObject({ experiments: [{ spec: { components: { resources } } }] });
  });
});

describe('the notes warn', () => {
  test.each<[string, Rendering, string]>([
    ['of no credentials', { variant: 'parallel' }, 'No AWS credentials are configured'],
    ['of no sweeper', { variant: 'irsa' }, 'There is no sweeper'],
    ['of a role that is not used', { variant: 'everything' }, 'credentials.existingSecret beats the role'],
    ['of no Roles', { variant: 'irsa', json: { rbac: { create: false } } }, 'rbac.create is false'],
    [
      'of a pod that may be killed in its revert',
      { variant: 'irsa', json: { engines: { 'orders-irsa': { terminationGracePeriodSeconds: 30 } } } },
      'engines.orders-irsa.terminationGracePeriodSeconds is 30',
    ],
  ])('%s', async (_what, rendering, warning) => {
    expect(await notes(rendering)).toContain(warning);
  });

  test('of nothing where nothing is to be said', async () => {
    expect(await notes({ variant: 'irsa', set: ['sweeper.enabled=true'] })).not.toContain('WARNING');
  });
});
