/** Benchmarks of Larder beside its peers, and the reports they are read in. */
@NullMarked
package io.larder.benchmarks;

import org.jspecify.annotations.NullMarked;
