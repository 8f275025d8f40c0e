/**
 * Packets sent through a network to see what passes: who answers whom, of which size, by which
 * names, how fast. Everything is sent from inside of the namespaces that belong to it.
 */
@NullMarked
package io.vl3.cli.verify;

import org.jspecify.annotations.NullMarked;
