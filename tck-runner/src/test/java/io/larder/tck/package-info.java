/** The JSR-107 TCK over the built jar, and the proof that the jar is all that a project needs. */
package io.larder.tck;
