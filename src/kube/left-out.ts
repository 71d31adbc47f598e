/**
 * Stands in the bundle for what client-node's `config.js` imports and KubeConfig never needs here: its generated
 * API, undici, which carries that API's requests, and proxies, which `config.ts` refuses. They would cost every
 * start tens of milliseconds and megabytes. Logging in needs none of them: exec plug-ins are child processes, and
 * OIDC uses the global `fetch` or `node:https`.
 * `build.ts` puts it in; a client-node that asks for another name than these fails the build.
 */
function leftOut(): never {
  throw new Error('This part of client-node is not in the bundle: Kubernetes calls go through KubeTransport');
}

/** undici's; `new` of each of them throws. */
export { leftOut as Agent, leftOut as ProxyAgent };

/** The generated API's. */
export { leftOut as createConfiguration, leftOut as ServerConfiguration };

/** Those of hpagent, socks and socks-proxy-agent. */
export {
  leftOut as HttpProxyAgent,
  leftOut as HttpsProxyAgent,
  leftOut as SocksClient,
  leftOut as SocksProxyAgent,
};
