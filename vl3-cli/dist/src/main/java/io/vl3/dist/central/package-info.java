/** The rules of Maven Central, held against this project's poms and what a release has built. */
@NullMarked
package io.vl3.dist.central;

import org.jspecify.annotations.NullMarked;
