package io.vl3.nse;

import io.vl3.connection.Connection;
import io.vl3.dataplane.DataPlane;
import io.vl3.endpoint.EndpointChain;
import io.vl3.failure.EndpointException;
import io.vl3.links.NseLinks;
import io.vl3.nsm.NsmRuntime;
import java.io.IOException;

/** What makes the links of a {@link FaultWorld}. */
interface FaultPlane extends AutoCloseable {

  /** The manager's part of it. */
  DataPlane forwarder();

  /** An endpoint's part of it. */
  NseLinks links(String endpoint, NsmRuntime runtime) throws EndpointException;

  /** How a workload asks, without the call at the end. */
  EndpointChain workload(NseParts.Component component, NseParts.Manager manager);

  /** How many links there are. */
  int size();

  /** All that is there, as text. */
  String state() throws IOException;

  /** Whether both ends of a client's connection to alpha have their addresses. */
  boolean has(Connection connection, String client) throws IOException;

  @Override
  void close() throws IOException;
}
