/** Predictions as bytes: float64, little-endian (as every processor that Node runs on keeps them). */

export function predictionBytes({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A copy, because a file's bytes may begin anywhere in their buffer and float64 values may not; `slice` of a Buffer copies nothing. */
export function predictionsFrom(bytes: Uint8Array): Float64Array {
  return new Float64Array(new Uint8Array(bytes).buffer);
}
