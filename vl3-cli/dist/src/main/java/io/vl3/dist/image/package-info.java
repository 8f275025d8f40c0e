/**
 * Container images as files, without an engine: layers of directories, and an OCI image layout with
 * one manifest for each architecture. The same files make the same bytes.
 */
@NullMarked
package io.vl3.dist.image;

import org.jspecify.annotations.NullMarked;
