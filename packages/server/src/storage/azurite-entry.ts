/** Azurite in a process of its own, which ends with the process that started it, however that one ends. */
process.on('disconnect', () => {
  // Its index is written every few seconds, and when it is told to end: what was acknowledged is not lost with the server.
  process.emit('SIGTERM');
  setTimeout(() => process.exit(), 3000).unref();
});
process.title = 'malachite blobs';
await import('azurite/dist/src/blob/main.js');
