package io.vl3.endpoint.element;

import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionState;

/** Reads signs of trouble out of a monitor's events. */
final class SignReader implements ConnectionMonitor.Listener {

  private final Reader reader;

  SignReader(Reader reader) {
    this.reader = reader;
  }

  /** Takes the signs. */
  interface Reader {

    void onSign(Sign sign, String why);

    /** The stream broke. */
    void onEnd(Throwable cause);
  }

  @Override
  public void onEvent(ConnectionEvent event) {
    if (event.type() == ConnectionEvent.Type.DELETE) {
      reader.onSign(Sign.DELETION, "deleted there");
    } else if (event.type() == ConnectionEvent.Type.INITIAL_STATE_TRANSFER
        && event.connections().isEmpty()) {
      reader.onSign(Sign.OF_WATCH, "unknown there");
    } else {
      event.connections().forEach(connection -> onState(connection.state()));
    }
  }

  @Override
  public void onEnd(Throwable cause) {
    reader.onEnd(cause);
  }

  private void onState(ConnectionState state) {
    if (state == ConnectionState.DOWN) {
      reader.onSign(Sign.OF_CONNECTION, "down there");
    } else if (state == ConnectionState.REFRESH_REQUESTED) {
      reader.onSign(Sign.WISH, "as the other side wishes");
    }
  }
}
