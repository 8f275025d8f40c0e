/**
 * The admin service of a process, on a unix socket, and its clients: what runs, how it is doing,
 * what has happened.
 */
@NullMarked
package io.vl3.admin;

import org.jspecify.annotations.NullMarked;
