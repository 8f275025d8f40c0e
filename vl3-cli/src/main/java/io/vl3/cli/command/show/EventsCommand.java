package io.vl3.cli.command.show;

import com.google.protobuf.util.Timestamps;
import io.vl3.admin.AdminClient;
import io.vl3.api.admin.v1.Event;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Json;
import io.vl3.cli.admin.Lists;
import io.vl3.cli.admin.Paint;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.command.shared.FleetOptions;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.failure.EndpointException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 events}: what has happened, and what happens. */
@Command(
    name = "events",
    description = {
      "List what happened in the vl3 processes of this machine, oldest first, with causes; times"
          + " are UTC. Each process keeps about a megabyte of it.",
      "With --output json each event is a line."
    })
public final class EventsCommand implements Callable<Integer> {

  private static final Comparator<Event> BY_TIME =
      Comparator.comparing(Event::getAt, Timestamps.comparator());

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"--follow", "-f"},
      description = "Go on with what happens from now on, until the processes end.")
  private boolean follow;

  @Mixin private FleetOptions options = new FleetOptions();
  @Mixin private OutputOption output = new OutputOption();

  /** Picocli makes it. */
  public EventsCommand() {}

  @Override
  public Integer call() throws EndpointException {
    Paint paint = FleetOptions.paint();
    try (Fleet fleet = options.open();
        Threads threads = new Threads()) {
      if (follow) {
        follow(fleet, threads, paint);
      } else {
        fleet.all(AdminClient::events).stream()
            .sorted(BY_TIME)
            .forEach(event -> print(event, paint));
      }
      fleet.silent().values().forEach(why -> spec.commandLine().getErr().println(why));
      spec.commandLine().getErr().flush();
      return (fleet.silent().isEmpty() ? ExitCode.OK : ExitCode.UNREACHABLE).value();
    }
  }

  /** In the order in which they come. */
  private void follow(Fleet fleet, Threads threads, Paint paint) {
    List<CompletableFuture<Void>> followed =
        fleet.clients().stream()
            .map(
                client ->
                    CompletableFuture.runAsync(
                        () -> follow(client, fleet, paint), threads.blocking()))
            .toList();
    followed.forEach(CompletableFuture::join);
  }

  /** A process that ends, ends its stream: that is no failure. */
  private void follow(AdminClient client, Fleet fleet, Paint paint) {
    try {
      client.follow(0, event -> print(event, paint));
    } catch (EndpointException ended) {
      if (!ended.getMessage().contains("is closing")) {
        fleet.silent().put(client.place(), ended.getMessage());
      }
    }
  }

  private synchronized void print(Event event, Paint paint) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(output.json() ? Json.line(event) : Lists.event(event, paint));
    out.flush();
  }
}
