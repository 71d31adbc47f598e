import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';

interface NodeList {
  readonly items: readonly {
    readonly status: { readonly addresses: readonly { readonly type: string; readonly address: string }[] };
  }[];
}

/**
 * The address under which pods reach this machine: that of ours which shares a network with a node. E2E_HOST wins,
 * for a cluster in a virtual machine.
 * @throws Error when there is none
 */
export function hostAddress(nodes: NodeList): string {
  const { E2E_HOST = '' } = process.env;
  if (E2E_HOST !== '') return E2E_HOST;
  const internal = nodes.items.flatMap(({ status }) =>
    status.addresses.flatMap(({ type, address }) => (type === 'InternalIP' ? [address] : [])),
  );
  const ours = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = ours.find(
    ({ cidr, family }) => family === 'IPv4' && cidr !== null && internal.some(isIn(cidr)),
  );
  if (found !== undefined) return found.address;
  throw new Error(
    `no address of this machine shares a network with a node (${internal.join(', ')}); set E2E_HOST to one that pods can reach, e.g. 192.168.64.1`,
  );
}

const isIn =
  (cidr: string) =>
  (address: string): boolean => {
    const [network = '', bits = ''] = cidr.split('/');
    const list = new BlockList();
    list.addSubnet(network, Number(bits));
    return list.check(address);
  };
