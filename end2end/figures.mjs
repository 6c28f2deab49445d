// How a measurement says what it found.

/**
 * Says figures without a peer that the same command measures again.
 * @param {string} command
 * @returns {(name: string, value: number, unit: string, limit?: number | null) => import("./bench.mjs").Figure}
 */
export function figuresOf(command) {
  return (name, value, unit, limit = null) => ({ name, value, unit, limit, peer: null, command });
}
