/**
 * What holds the entries of a cache: the contract, the heap, and the near tier over a shared store.
 */
@NullMarked
package io.larder.store;

import org.jspecify.annotations.NullMarked;
