package io.vl3.grpc.internal;

import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.failure.EndpointException;
import java.util.List;
import java.util.Optional;

/** Paths and their segments, protobuf to domain and back. */
final class PathConverter {

  private PathConverter() {}

  /**
   * Reads a path.
   *
   * @param id the connection's, which is that of the current segment as a rule: kept once then
   */
  static Path toDomain(Field field, io.vl3.api.connection.Path path, String id)
      throws EndpointException {
    List<PathSegment> segments =
        field
            .sub("path_segments")
            .list(
                path.getPathSegmentsList(),
                Limits.PATH_SEGMENTS,
                (place, segment) -> segmentToDomain(place, segment, id));
    int last = Math.max(0, segments.size() - 1);
    return new Path(field.sub("index").number(path.getIndex(), last), segments);
  }

  static PathSegment segmentToDomain(Field field, io.vl3.api.connection.PathSegment segment)
      throws EndpointException {
    return segmentToDomain(field, segment, "");
  }

  private static PathSegment segmentToDomain(
      Field field, io.vl3.api.connection.PathSegment segment, String known)
      throws EndpointException {
    String id = field.sub("id").text(segment.getId());
    return new PathSegment(
        field.sub("name").sharedText(segment.getName()),
        id.equals(known) ? known : id,
        token(field, segment),
        field.sub("metrics").map(segment.getMetricsMap()));
  }

  /** A token without expiry is no token here; it stays in what is kept for the round trip. */
  private static Optional<Token> token(Field field, io.vl3.api.connection.PathSegment segment)
      throws EndpointException {
    if (segment.getToken().length() > Limits.TOKEN_CHARACTERS) {
      throw field
          .sub("token")
          .invalid(
              segment.getToken().length() + " characters", "at most " + Limits.TOKEN_CHARACTERS);
    }
    if (!segment.hasExpires()) {
      return Optional.empty();
    }
    return Optional.of(
        new Token(segment.getToken(), Times.toDomain(field.sub("expires"), segment.getExpires())));
  }

  static io.vl3.api.connection.PathSegment toProto(
      PathSegment segment, io.vl3.api.connection.PathSegment kept) {
    io.vl3.api.connection.PathSegment.Builder builder =
        kept.toBuilder()
            .setName(segment.name())
            .setId(segment.id())
            .putAllMetrics(segment.metrics());
    segment
        .token()
        .ifPresent(
            token -> builder.setToken(token.value()).setExpires(Times.toProto(token.expires())));
    return builder.build();
  }

  /** Writes a path; segments that were kept belong to the component of the same place. */
  static io.vl3.api.connection.Path toProto(Path path, io.vl3.api.connection.Path kept) {
    io.vl3.api.connection.Path.Builder builder =
        kept.toBuilder().clearPathSegments().setIndex(path.index());
    for (int i = 0; i < path.segments().size(); i++) {
      io.vl3.api.connection.PathSegment keptSegment =
          i < kept.getPathSegmentsCount()
              ? kept.getPathSegments(i)
              : io.vl3.api.connection.PathSegment.getDefaultInstance();
      builder.addPathSegments(toProto(path.segments().get(i), keptSegment));
    }
    return builder.build();
  }

  /** The fields that {@link #toDomain} did not take. */
  static io.vl3.api.connection.Path rest(io.vl3.api.connection.Path path) {
    io.vl3.api.connection.Path.Builder rest =
        io.vl3.api.connection.Path.newBuilder().setUnknownFields(path.getUnknownFields());
    boolean anything = false;
    for (io.vl3.api.connection.PathSegment segment : path.getPathSegmentsList()) {
      io.vl3.api.connection.PathSegment kept = rest(segment);
      anything |= kept.getSerializedSize() > 0;
      rest.addPathSegments(kept);
    }
    return anything ? rest.build() : rest.clearPathSegments().build();
  }

  private static io.vl3.api.connection.PathSegment rest(io.vl3.api.connection.PathSegment segment) {
    io.vl3.api.connection.PathSegment.Builder rest =
        io.vl3.api.connection.PathSegment.newBuilder().setUnknownFields(segment.getUnknownFields());
    return segment.hasExpires() ? rest.build() : rest.setToken(segment.getToken()).build();
  }
}
