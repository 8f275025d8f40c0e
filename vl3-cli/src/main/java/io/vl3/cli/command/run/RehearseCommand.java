package io.vl3.cli.command.run;

import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Directories;
import io.vl3.cli.assembly.Rehearsal;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.failure.EndpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code vl3 rehearse}: does once what other commands do, and ends. The launcher runs it once per
 * build and JVM, so that the JVM archives what was loaded and later starts are fast. Where network
 * namespaces cannot be made, classes are only loaded: then the archive is larger and helps less.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Do what an NSE does, for the JVM's archive.")
public final class RehearseCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(RehearseCommand.class);

  private static final String CONFIG =
      """
      nsm: {listenOn: "unix://%1$s/nse.sock"}
      state: {directory: "%1$s"}
      tracing: {endpoint: "http://127.0.0.1:9"}
      endpoints:
      - {name: rehearsal, nseName: rehearsal, vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16}}}
      """;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "How many connections to request, refresh and close; with 0 classes are loaded.")
  private int connections = 20;

  /** Picocli makes it. */
  public RehearseCommand() {}

  @Override
  public Integer call() throws IOException {
    if (connections == 0) {
      ArchivedClasses.loadAll();
      return ExitCode.OK.value();
    }
    try {
      rehearse();
      ArchivedClasses.loadOwn();
    } catch (IOException | EndpointException | RuntimeException failure) {
      LOG.info("rehearsal: {}", failure.toString());
      ArchivedClasses.loadAll();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK.value();
  }

  private void rehearse() throws IOException, EndpointException, InterruptedException {
    Path directory = Files.createTempDirectory("vl3-rehearsal-");
    try {
      Path file = Files.writeString(directory.resolve("config.yaml"), CONFIG.formatted(directory));
      Vl3Config config = ConfigFile.load(file, Map.of(), Overrides.NONE);
      new Rehearsal(config, connections).run();
    } finally {
      Directories.delete(directory);
    }
  }
}
