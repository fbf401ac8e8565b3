/** Preloaded into somebody else's server: whatever it listens on becomes a free port of 127.0.0.1, told to the parent. */
import { Server } from 'node:net';

const listen = Server.prototype.listen;
Server.prototype.listen = function listenOnLoopback(...args) {
  const done = args.find((arg) => typeof arg === 'function');
  this.once('listening', () => process.send?.(this.address()));
  return listen.call(this, { host: '127.0.0.1', port: 0 }, done);
};
