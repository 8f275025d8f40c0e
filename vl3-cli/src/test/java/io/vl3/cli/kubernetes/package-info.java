/**
 * Tests of what {@code examples/kubernetes} and {@code examples/scripts} hold: rendered by Helm and
 * Kustomize, validated against the schemas of Kubernetes, and read by {@code vl3 run} itself.
 */
@NullMarked
package io.vl3.cli.kubernetes;

import org.jspecify.annotations.NullMarked;
