/** Entries in Redis. The only package that knows the Redis client. */
@NullMarked
package io.larder.store.redis;

import org.jspecify.annotations.NullMarked;
