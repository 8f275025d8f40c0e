package io.vl3.grpc.internal;

import io.vl3.api.registry.Destination;
import io.vl3.api.registry.Match;
import io.vl3.api.registry.Metadata;
import io.vl3.api.registry.NetworkService;
import io.vl3.api.registry.NetworkServiceEndpoint;
import io.vl3.api.registry.NetworkServiceEndpointQuery;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.api.registry.NetworkServiceLabels;
import io.vl3.failure.EndpointException;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Registry entries and queries, protobuf to domain and back. Reading checks everything; what is
 * wrong is INVALID and names the field as the protocol does.
 */
public final class RegistryConverter {

  private static final Field ENDPOINT = Field.root("network_service_endpoint");
  private static final Field SERVICE = Field.root("network_service");

  private RegistryConverter() {}

  /** Reads an endpoint; its expiry is empty when it is absent or marks a removal. */
  public static EndpointRecord toDomain(NetworkServiceEndpoint endpoint) throws EndpointException {
    return new EndpointRecord(
        ENDPOINT.sub("name").text(endpoint.getName()),
        services(endpoint),
        ENDPOINT.sub("url").text(endpoint.getUrl()),
        marksRemoval(endpoint) ? Optional.empty() : expires(endpoint),
        registered(endpoint),
        ENDPOINT.sub("path_ids").texts(endpoint.getPathIdsList(), Limits.REGISTRY_ENTRIES));
  }

  /** Whether a change that was watched is a removal, in either form that registries use. */
  public static boolean isRemoval(NetworkServiceEndpointResponse response) {
    return response.getDeleted() || marksRemoval(response.getNetworkServiceEndpoint());
  }

  private static boolean marksRemoval(NetworkServiceEndpoint endpoint) {
    return endpoint.hasExpirationTime() && endpoint.getExpirationTime().getSeconds() < 0;
  }

  private static Optional<Instant> expires(NetworkServiceEndpoint endpoint)
      throws EndpointException {
    return endpoint.hasExpirationTime()
        ? Optional.of(Times.toDomain(ENDPOINT.sub("expiration_time"), endpoint.getExpirationTime()))
        : Optional.empty();
  }

  private static Optional<Instant> registered(NetworkServiceEndpoint endpoint)
      throws EndpointException {
    return endpoint.hasInitialRegistrationTime()
        ? Optional.of(
            Times.toDomain(
                ENDPOINT.sub("initial_registration_time"), endpoint.getInitialRegistrationTime()))
        : Optional.empty();
  }

  private static Map<String, Map<String, String>> services(NetworkServiceEndpoint endpoint)
      throws EndpointException {
    Map<String, Map<String, String>> services = new TreeMap<>();
    List<String> names =
        ENDPOINT
            .sub("network_service_names")
            .list(endpoint.getNetworkServiceNamesList(), Limits.REGISTRY_ENTRIES, Field::required);
    for (String name : names) {
      NetworkServiceLabels labels =
          endpoint.getNetworkServiceLabelsOrDefault(
              name, NetworkServiceLabels.getDefaultInstance());
      services.put(name, checkedLabels(labels));
    }
    return services;
  }

  private static Map<String, String> checkedLabels(NetworkServiceLabels labels)
      throws EndpointException {
    return Map.copyOf(ENDPOINT.sub("network_service_labels").map(labels.getLabelsMap()));
  }

  /** Writes an endpoint. */
  public static NetworkServiceEndpoint toProto(EndpointRecord endpoint) {
    NetworkServiceEndpoint.Builder builder =
        NetworkServiceEndpoint.newBuilder()
            .setName(endpoint.name())
            .setUrl(endpoint.url())
            .addAllPathIds(endpoint.owners());
    new TreeMap<>(endpoint.services())
        .forEach(
            (service, labels) ->
                builder
                    .addNetworkServiceNames(service)
                    .putNetworkServiceLabels(service, labels(labels)));
    endpoint.expires().map(Times::toProto).ifPresent(builder::setExpirationTime);
    endpoint.registered().map(Times::toProto).ifPresent(builder::setInitialRegistrationTime);
    return builder.build();
  }

  private static NetworkServiceLabels labels(Map<String, String> labels) {
    return NetworkServiceLabels.newBuilder().putAllLabels(labels).build();
  }

  /** A change as a watcher is told it. */
  public static NetworkServiceEndpointResponse toResponse(
      EndpointRecord endpoint, boolean deleted) {
    return NetworkServiceEndpointResponse.newBuilder()
        .setNetworkServiceEndpoint(toProto(endpoint))
        .setDeleted(deleted)
        .build();
  }

  /** Reads a query: at most one service, by name or by its labels. */
  public static EndpointQuery toDomain(NetworkServiceEndpointQuery query) throws EndpointException {
    NetworkServiceEndpoint wanted = query.getNetworkServiceEndpoint();
    Field names = ENDPOINT.sub("network_service_names");
    names.checkCount(wanted.getNetworkServiceNamesList(), 1);
    ENDPOINT
        .sub("network_service_labels")
        .checkCount(wanted.getNetworkServiceLabelsMap().keySet(), 1);
    String labelled = wanted.getNetworkServiceLabelsMap().keySet().stream().findFirst().orElse("");
    String named = wanted.getNetworkServiceNamesList().stream().findFirst().orElse(labelled);
    if (!labelled.isEmpty() && !labelled.equals(named)) {
      throw ENDPOINT.sub("network_service_labels").invalid(labelled, "labels of " + named);
    }
    NetworkServiceLabels labels =
        wanted.getNetworkServiceLabelsOrDefault(
            labelled, NetworkServiceLabels.getDefaultInstance());
    return new EndpointQuery(
        ENDPOINT.sub("name").text(wanted.getName()),
        names.text(named),
        checkedLabels(labels),
        ENDPOINT.sub("url").text(wanted.getUrl()));
  }

  /** Writes a query. */
  public static NetworkServiceEndpointQuery toProto(EndpointQuery query, boolean watch) {
    NetworkServiceEndpoint.Builder wanted =
        NetworkServiceEndpoint.newBuilder().setName(query.name()).setUrl(query.url());
    if (!query.service().isEmpty()) {
      wanted.addNetworkServiceNames(query.service());
    }
    if (!query.labels().isEmpty()) {
      wanted.putNetworkServiceLabels(query.service(), labels(query.labels()));
    }
    return NetworkServiceEndpointQuery.newBuilder()
        .setNetworkServiceEndpoint(wanted)
        .setWatch(watch)
        .build();
  }

  /** Reads a network service. */
  public static NetworkServiceRecord toDomain(NetworkService service) throws EndpointException {
    return new NetworkServiceRecord(
        SERVICE.sub("name").required(service.getName()),
        SERVICE.sub("payload").text(service.getPayload()),
        SERVICE
            .sub("matches")
            .list(
                service.getMatchesList(),
                Limits.REGISTRY_ENTRIES,
                RegistryConverter::matchToDomain));
  }

  private static NetworkServiceRecord.Match matchToDomain(Field field, Match match)
      throws EndpointException {
    return new NetworkServiceRecord.Match(
        field.sub("source_selector").map(match.getSourceSelectorMap()),
        field
            .sub("routes")
            .list(
                match.getRoutesList(),
                Limits.REGISTRY_ENTRIES,
                (place, route) ->
                    Map.copyOf(
                        place.sub("destination_selector").map(route.getDestinationSelectorMap()))),
        match.getFallthrough(),
        match.hasMetadata()
            ? Optional.of(field.sub("metadata").map(match.getMetadata().getLabelsMap()))
            : Optional.empty());
  }

  /** Writes a network service. */
  public static NetworkService toProto(NetworkServiceRecord service) {
    NetworkService.Builder builder =
        NetworkService.newBuilder().setName(service.name()).setPayload(service.payload());
    service.matches().forEach(match -> builder.addMatches(toProto(match)));
    return builder.build();
  }

  private static Match toProto(NetworkServiceRecord.Match match) {
    Match.Builder builder =
        Match.newBuilder()
            .putAllSourceSelector(match.sourceSelector())
            .setFallthrough(match.fallThrough());
    match
        .metadata()
        .ifPresent(labels -> builder.setMetadata(Metadata.newBuilder().putAllLabels(labels)));
    for (Map<String, String> selector : match.destinationSelectors()) {
      builder.addRoutes(Destination.newBuilder().putAllDestinationSelector(selector));
    }
    return builder.build();
  }
}
