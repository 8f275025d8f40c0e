package io.vl3.nsm.legacy;

import io.vl3.api.connection.Connection;

/** What a manager has put packets through: both connections of a cross connect. */
public interface FakeForwarder02 {

  /** Packets go nowhere. */
  FakeForwarder02 NONE =
      new FakeForwarder02() {
        @Override
        public void connect(String id, Connection source, Connection destination) {}

        @Override
        public void close(String id) {}
      };

  /**
   * Joins two connections, again if they are joined already.
   *
   * @param id the manager's, the same for both
   */
  void connect(String id, Connection source, Connection destination);

  void close(String id);
}
