/** Thrown while compiling when a graph does what the compiled evaluation does not: the runtime serves the model then. */
export class Unsupported extends Error {}
