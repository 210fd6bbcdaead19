declare module 'azurite/dist/src/blob/main.js';
