package io.vl3.connection;

/**
 * What an edge read and the domain does not know; it travels with the connection and the same edge
 * writes it again. Opaque to everything else.
 */
public interface Passthrough {

  /** How many bytes of memory it takes, about. */
  long weightBytes();

  /** This without tokens, as it is kept ({@link Connection#withoutProofs}). */
  default Passthrough withoutProofs() {
    return this;
  }

  /**
   * Whether links between peers are numbered where it was read: the answering side gives both ends
   * their addresses, as to a workload. Otherwise each end has its own.
   */
  default boolean numbersLinks() {
    return false;
  }
}
