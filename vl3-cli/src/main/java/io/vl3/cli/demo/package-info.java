/**
 * The demonstration: node namespaces joined by an underlay, NSEs and clients as child processes, an
 * HTTP service in every workload, every page fetched from everywhere, and everything cleaned up.
 */
@NullMarked
package io.vl3.cli.demo;

import org.jspecify.annotations.NullMarked;
