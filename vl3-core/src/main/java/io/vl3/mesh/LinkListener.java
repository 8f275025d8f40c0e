package io.vl3.mesh;

import io.vl3.failure.EndpointException;

/** A listener for links; called without the table's lock, from the connection's lane. */
interface LinkListener {

  LinkListener NONE =
      new LinkListener() {
        @Override
        public void onEstablished(PeerLink link) {}

        @Override
        public void onClosed(PeerLink link) {}

        @Override
        public void onRefreshFailed(PeerLink link, EndpointException why) {}

        @Override
        public void onRefused(String peer) {}

        @Override
        public void onOutranked(PeerLink link, String why) {}

        @Override
        public void onFreed(String peer) {}

        @Override
        public void onOverlap(String peer) {}

        @Override
        public void onRemembered(String peer) {}
      };

  void onEstablished(PeerLink link);

  void onClosed(PeerLink link);

  void onRefreshFailed(PeerLink link, EndpointException why);

  void onRefused(String peer);

  void onOutranked(PeerLink link, String why);

  /** The reason for which a peer was refused is gone. */
  void onFreed(String peer);

  /** A later registered peer announced a prefix of ours. */
  void onOverlap(String peer);

  /**
   * What a peer was refused for, or announced of ours, is remembered until it leaves; it may have
   * left while it asked.
   */
  void onRemembered(String peer);
}
