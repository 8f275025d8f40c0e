package io.vl3.dataplane;

import java.util.List;

/**
 * That a link lies inside of the endpoint's address translation (NAT44): what leaves by way of it
 * to the outside gets the NAT address.
 *
 * @param forwards ports of the NAT address that lead in to the client
 */
public record Translation(List<PortForward> forwards) {

  /** Copies the list. */
  public Translation {
    forwards = List.copyOf(forwards);
  }
}
