/** The elements that server and client chains are made of: one class per concern. */
@NullMarked
package io.vl3.endpoint.element;

import org.jspecify.annotations.NullMarked;
