package io.vl3.cli.admin;

import io.vl3.admin.AdminClient;
import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.Route;
import io.vl3.failure.EndpointException;
import java.util.List;

/**
 * All that one process says of its part of a network, as of about one moment.
 *
 * @param status in brief
 * @param connections of its NSEs
 * @param routes of its NSEs and workloads
 * @param interfaces of its NSEs and workloads
 * @param isLocal whether the files that it names are this machine's
 */
public record Member(
    ProcessStatus status,
    List<Connection> connections,
    List<Route> routes,
    List<Interface> interfaces,
    boolean isLocal) {

  /** A process of this machine and its answers. */
  public Member(
      ProcessStatus status,
      List<Connection> connections,
      List<Route> routes,
      List<Interface> interfaces) {
    this(status, connections, routes, interfaces, true);
  }

  /** Asks a process. */
  public static Member of(AdminClient client) throws EndpointException {
    return new Member(
        client.status(),
        client.connections(),
        client.routes(),
        client.interfaces(),
        client.isLocal());
  }
}
