// Preloaded into the stand-in: it ends with the demo, also when the demo is killed without a word.
process.stdin.on('close', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();
