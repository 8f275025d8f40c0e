package io.vl3.grpc.internal;

import io.vl3.api.connection.State;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Mechanism;
import io.vl3.connection.Passthrough;
import io.vl3.failure.EndpointException;
import java.util.Optional;

/**
 * Connections and requests, protobuf to domain and back.
 *
 * <p>Reading checks everything: what is wrong is an {@link EndpointException} with reason INVALID
 * that names the field as the protocol does. Fields that the domain does not know are kept with the
 * connection and written again, except in single routes and DNS configurations, which have no
 * identity that it could be kept by.
 */
public final class ConnectionConverter {

  private static final Field CONNECTION = Field.root("connection");
  private static final Field PREFERENCES = Field.root("mechanism_preferences");

  private ConnectionConverter() {}

  /** Reads a request. */
  public static ConnectionRequest toDomain(NetworkServiceRequest request) throws EndpointException {
    if (!request.hasConnection()) {
      throw CONNECTION.invalid("missing", "a connection");
    }
    CONNECTION.sub("network_service").required(request.getConnection().getNetworkService());
    return new ConnectionRequest(
        toDomain(request.getConnection()),
        PREFERENCES.list(
            request.getMechanismPreferencesList(),
            Limits.CHOICES,
            ConnectionConverter::mechanismToDomain));
  }

  /** Reads a connection. */
  public static Connection toDomain(io.vl3.api.connection.Connection connection)
      throws EndpointException {
    return toDomain(CONNECTION, connection);
  }

  static Connection toDomain(Field field, io.vl3.api.connection.Connection connection)
      throws EndpointException {
    return new Connection(
        id(field.sub("id"), connection.getId()),
        field.sub("network_service").sharedText(connection.getNetworkService()),
        field
            .sub("network_service_endpoint_name")
            .sharedText(connection.getNetworkServiceEndpointName()),
        field.sub("payload").sharedText(connection.getPayload()),
        field.sub("labels").map(connection.getLabelsMap()),
        mechanism(field.sub("mechanism"), connection),
        ContextConverter.toDomain(field.sub("context"), connection.getContext()),
        PathConverter.toDomain(field.sub("path"), connection.getPath(), connection.getId()),
        state(field.sub("state"), connection),
        rest(connection));
  }

  private static Optional<ConnectionId> id(Field field, String id) throws EndpointException {
    return id.isEmpty() ? Optional.empty() : Optional.of(new ConnectionId(field.required(id)));
  }

  private static Optional<Mechanism> mechanism(
      Field field, io.vl3.api.connection.Connection connection) throws EndpointException {
    return connection.hasMechanism()
        ? Optional.of(mechanismToDomain(field, connection.getMechanism()))
        : Optional.empty();
  }

  private static Mechanism mechanismToDomain(Field field, io.vl3.api.connection.Mechanism mechanism)
      throws EndpointException {
    return new Mechanism(
        field.sub("cls").sharedText(mechanism.getCls()),
        field.sub("type").sharedText(mechanism.getType()),
        field.sub("parameters").map(mechanism.getParametersMap()));
  }

  private static ConnectionState state(Field field, io.vl3.api.connection.Connection connection)
      throws EndpointException {
    return switch (connection.getState()) {
      case UP -> ConnectionState.UP;
      case DOWN -> ConnectionState.DOWN;
      case REFRESH_REQUESTED -> ConnectionState.REFRESH_REQUESTED;
      case RESELECT_REQUESTED -> ConnectionState.RESELECT_REQUESTED;
      case UNRECOGNIZED -> throw field.invalid(connection.getStateValue(), "0..3");
    };
  }

  /** Writes a request. */
  public static NetworkServiceRequest toProto(ConnectionRequest request) {
    NetworkServiceRequest.Builder builder =
        NetworkServiceRequest.newBuilder().setConnection(toProto(request.connection()));
    for (Mechanism preference : request.mechanismPreferences()) {
      builder.addMechanismPreferences(
          toProto(preference, io.vl3.api.connection.Mechanism.getDefaultInstance()));
    }
    return builder.build();
  }

  /** Writes a connection. */
  public static io.vl3.api.connection.Connection toProto(Connection connection) {
    io.vl3.api.connection.Connection kept = kept(connection.passthrough());
    io.vl3.api.connection.Connection.Builder builder =
        kept.toBuilder()
            .setId(connection.id().map(ConnectionId::value).orElse(""))
            .setNetworkService(connection.networkService())
            .setNetworkServiceEndpointName(connection.endpointName())
            .setPayload(connection.payload())
            .putAllLabels(connection.labels())
            .setContext(ContextConverter.toProto(connection.context(), kept.getContext()))
            .setPath(PathConverter.toProto(connection.path(), kept.getPath()))
            .setState(State.valueOf(connection.state().name()))
            .clearMechanism();
    connection
        .mechanism()
        .ifPresent(chosen -> builder.setMechanism(toProto(chosen, kept.getMechanism())));
    return builder.build();
  }

  private static io.vl3.api.connection.Mechanism toProto(
      Mechanism mechanism, io.vl3.api.connection.Mechanism kept) {
    return kept.toBuilder()
        .setCls(mechanism.cls())
        .setType(mechanism.type())
        .putAllParameters(mechanism.parameters())
        .build();
  }

  private static io.vl3.api.connection.Connection kept(Optional<Passthrough> passthrough) {
    return passthrough
        .filter(Rest.class::isInstance)
        .map(Rest.class::cast)
        .map(Rest::message)
        .orElseGet(io.vl3.api.connection.Connection::getDefaultInstance);
  }

  private static Optional<Passthrough> rest(io.vl3.api.connection.Connection connection) {
    io.vl3.api.connection.Connection.Builder rest =
        io.vl3.api.connection.Connection.newBuilder()
            .setUnknownFields(connection.getUnknownFields());
    var mechanism = mechanismRest(connection.getMechanism());
    if (mechanism.getSerializedSize() > 0) {
      rest.setMechanism(mechanism);
    }
    var context = ContextConverter.rest(connection.getContext());
    if (context.getSerializedSize() > 0) {
      rest.setContext(context);
    }
    var path = PathConverter.rest(connection.getPath());
    if (path.getSerializedSize() > 0) {
      rest.setPath(path);
    }
    io.vl3.api.connection.Connection kept = rest.build();
    return kept.getSerializedSize() > 0 ? Optional.of(new Rest(kept)) : Optional.empty();
  }

  private static io.vl3.api.connection.Mechanism mechanismRest(
      io.vl3.api.connection.Mechanism mechanism) {
    return io.vl3.api.connection.Mechanism.newBuilder()
        .setUnknownFields(mechanism.getUnknownFields())
        .build();
  }
}
