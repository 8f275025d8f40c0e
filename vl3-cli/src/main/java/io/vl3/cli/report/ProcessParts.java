package io.vl3.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Message;
import io.vl3.admin.AdminClient;
import io.vl3.api.admin.v1.Diagnostics;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.admin.Json;
import io.vl3.failure.EndpointException;
import java.util.List;
import java.util.Optional;

/** The answers of one process about itself. A question that it does not answer is the last one. */
final class ProcessParts {

  private final AdminClient client;
  private final String directory;
  private final Parts parts;

  ProcessParts(AdminClient client, Parts parts) {
    this.client = client;
    this.directory = "processes/" + name(client);
    this.parts = parts;
  }

  /** Where its files are in the archive. */
  String directory() {
    return directory;
  }

  /** Asks for everything; blocks for the client's patience twice at most if it hangs. */
  Optional<ProcessStatus> ask() {
    Optional<ProcessStatus> status = Optional.empty();
    String asked = "status.json";
    try {
      ProcessStatus said = client.status();
      status = Optional.of(said);
      parts.tree(directory + "/" + asked, Json.of(said));
      asked = "connections.json";
      list(asked, client.connections());
      asked = "routes.json";
      list(asked, client.routes());
      asked = "interfaces.json";
      list(asked, client.interfaces());
      asked = "names.json";
      list(asked, client.names());
      asked = "events.json";
      list(asked, client.events());
      asked = "threads.txt";
      Diagnostics inside = client.diagnostics();
      parts.text(directory + "/" + asked, inside.getThreads());
      parts.tree(
          directory + "/figures.json",
          Json.of(inside.toBuilder().clearThreads().build()).get("figures"));
    } catch (EndpointException failure) {
      parts.missing(
          directory + "/" + asked + " and what follows", String.valueOf(failure.getMessage()));
    }
    return status;
  }

  private void list(String name, List<? extends Message> records) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    records.forEach(record -> all.add(Json.of(record)));
    parts.tree(directory + "/" + name, all);
  }

  private static String name(AdminClient client) {
    String place = client.place();
    String file = client.isLocal() ? place.substring(place.lastIndexOf('/') + 1) : place;
    return file.replaceAll("\\.sock$", "").replaceAll("[^A-Za-z0-9.-]+", "-");
  }
}
