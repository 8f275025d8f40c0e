/** An HTTP server of few things for few clients, each of which can cost only so much. */
@NullMarked
package io.vl3.cli.http;

import org.jspecify.annotations.NullMarked;
