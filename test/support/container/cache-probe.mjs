// Loaded into the image's own process with NODE_OPTIONS=--import. Says at its end what V8 made of the cache.
import vm from 'node:vm';

const scripts = [];

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    const given = options.cachedData !== undefined;
    scripts.push({ filename: options.filename, given, rejected: this.cachedDataRejected === true });
  }
};

process.on('exit', () => process.stderr.write(`CACHE ${JSON.stringify(scripts)}\n`));
