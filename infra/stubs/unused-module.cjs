/**
 * Stands in the Lambda bundles for what Bolt loads and our own receiver never touches: express, Socket Mode, OAuth and the
 * stock receivers (1.5 MB and 100 ms of cold start). Whoever does touch it gets an error at once, never a silent nothing.
 */
class Unused {
  constructor() {
    throw new Error('this module is left out of the Lambda bundle (infra/build.ts)');
  }
}

module.exports = new Proxy(Unused, {
  get(target, name) {
    if (name === '__esModule') return false;
    if (name === 'prototype') return target.prototype;
    return name === 'default' ? module.exports : Unused;
  },
});
