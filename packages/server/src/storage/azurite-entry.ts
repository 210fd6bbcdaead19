/** Azurite in a process of its own, which ends with the process that started it, however that one ends. */
process.on('disconnect', () => process.exit());
process.title = 'malachite blobs';
await import('azurite/dist/src/blob/main.js');
