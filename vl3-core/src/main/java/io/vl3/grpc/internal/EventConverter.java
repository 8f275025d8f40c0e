package io.vl3.grpc.internal;

import io.vl3.api.connection.ConnectionEventType;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.PathSegment;
import io.vl3.failure.EndpointException;
import java.util.ArrayList;
import java.util.List;

/** The questions of monitors and the events for them, protobuf to domain and back. */
final class EventConverter {

  private static final Field EVENT = Field.root("event");
  private static final Field SELECTOR = Field.root("selector");

  private EventConverter() {}

  static ConnectionEvent toDomain(io.vl3.api.connection.ConnectionEvent event)
      throws EndpointException {
    List<Connection> connections = new ArrayList<>(event.getConnectionsCount());
    Field field = EVENT.sub("connections");
    for (io.vl3.api.connection.Connection connection : event.getConnectionsMap().values()) {
      connections.add(ConnectionConverter.toDomain(field, connection));
    }
    return new ConnectionEvent(type(event), connections);
  }

  private static ConnectionEvent.Type type(io.vl3.api.connection.ConnectionEvent event)
      throws EndpointException {
    return switch (event.getType()) {
      case INITIAL_STATE_TRANSFER -> ConnectionEvent.Type.INITIAL_STATE_TRANSFER;
      case UPDATE -> ConnectionEvent.Type.UPDATE;
      case DELETE -> ConnectionEvent.Type.DELETE;
      case UNRECOGNIZED -> throw EVENT.sub("type").invalid(event.getTypeValue(), "0..2");
    };
  }

  static io.vl3.api.connection.ConnectionEvent toProto(ConnectionEvent event) {
    io.vl3.api.connection.ConnectionEvent.Builder builder =
        io.vl3.api.connection.ConnectionEvent.newBuilder()
            .setType(ConnectionEventType.valueOf(event.type().name()));
    for (Connection connection : event.connections()) {
      String id = connection.id().map(ConnectionId::value).orElse("");
      builder.putConnections(id, ConnectionConverter.toProto(connection));
    }
    return builder.build();
  }

  static MonitorSelector toDomain(MonitorScopeSelector selector) throws EndpointException {
    return new MonitorSelector(
        SELECTOR
            .sub("path_segments")
            .list(
                selector.getPathSegmentsList(),
                Limits.PATH_SEGMENTS,
                PathConverter::segmentToDomain),
        SELECTOR
            .sub("network_services")
            .texts(selector.getNetworkServicesList(), Limits.REGISTRY_ENTRIES));
  }

  static MonitorScopeSelector toProto(MonitorSelector selector) {
    MonitorScopeSelector.Builder builder =
        MonitorScopeSelector.newBuilder().addAllNetworkServices(selector.networkServices());
    for (PathSegment segment : selector.segments()) {
      builder.addPathSegments(
          PathConverter.toProto(segment, io.vl3.api.connection.PathSegment.getDefaultInstance()));
    }
    return builder.build();
  }
}
