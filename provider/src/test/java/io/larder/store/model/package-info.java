/**
 * A small model of the near cache protocol: one bucket in Redis, processes with near entries, what
 * goes wrong between them, and a checker for what is promised. See {@code docs/near-cache.md}.
 */
package io.larder.store.model;
