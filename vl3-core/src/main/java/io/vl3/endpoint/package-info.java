/**
 * The endpoint chain: elements that handle request and close of a connection and pass on to the
 * next, the session that holds a connection's state, and the runner that serialises and undoes.
 */
@NullMarked
package io.vl3.endpoint;

import org.jspecify.annotations.NullMarked;
