package io.vl3.nse;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Faults at every place of a chain, as its own description lists them; one at a time is on. */
final class Faults {

  private final String chainName;
  private final List<Place> places = new ArrayList<>();
  private volatile Optional<Place> on = Optional.empty();

  Faults(String chainName) {
    this.chainName = chainName;
  }

  /** Where a request fails, and on which way. */
  record Place(String name, int index, boolean back) {

    @Override
    public String toString() {
      return name + (back ? ", on the way back" : ", on the way in");
    }
  }

  /** Puts a switch before each element. The last one either answers or passes to nothing. */
  EndpointChain into(EndpointChain chain) {
    List<String> names = new ArrayList<>();
    chain.description().flatten().forEach(element -> names.add("before " + element.name()));
    EndpointChain changed = chain;
    for (int index = names.size() - 1; index >= 0; index--) {
      changed = changed.inserting(index, new Switch(index));
    }
    for (int index = 0; index < names.size(); index++) {
      String name = chainName + ": " + names.get(index);
      places.add(new Place(name, index, false));
      places.add(new Place(name, index, true));
    }
    return changed;
  }

  List<Place> places() {
    return List.copyOf(places);
  }

  void on(Place place) {
    on = Optional.of(place);
  }

  void off() {
    on = Optional.empty();
  }

  private final class Switch implements Endpoint {

    private final int index;

    Switch(int index) {
      this.index = index;
    }

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      failIf(false);
      Connection answer = next.request(request);
      failIf(true);
      return answer;
    }

    private void failIf(boolean back) throws EndpointException {
      Optional<Place> failing = on.filter(p -> p.index == index && p.back == back);
      if (failing.isPresent()) {
        throw new EndpointException(Reason.UNAVAILABLE, "fault: " + failing.get());
      }
    }
  }
}
