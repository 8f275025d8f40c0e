package io.vl3.cli.command.check;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.Terminal;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Member;
import io.vl3.cli.assembly.Termination;
import io.vl3.cli.capture.Capture;
import io.vl3.cli.capture.Tapped;
import io.vl3.cli.command.shared.CheckedTime;
import io.vl3.cli.command.shared.MachineOptions;
import io.vl3.cli.command.shared.Privilege;
import io.vl3.failure.EndpointException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vl3 capture}: packets for Wireshark. */
@Command(
    name = "capture",
    description = {
      "Write the packets that an NSE's links (or a workload's) send and receive to the standard"
          + " output, as pcapng with the interfaces' names, until it is asked to end: `vl3 capture"
          + " nse-1 | tshark -r -`.",
      "How many packets were captured, and lost for want of time, is told on the standard error at"
          + " the end. Takes root."
    })
public final class CaptureCommand implements Callable<Integer> {

  private static final int LEAST_SNAP = 64;
  private static final int MOST_SNAP = 262_144;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "NSE", description = "An NSE, or a workload.")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "LINK",
      description =
          "An interface there, or the peer or workload at its other side. Default: all links.")
  private Optional<String> link = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many packets. Default: never.")
  private Optional<Long> count = Optional.empty();

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = CheckedTime.class,
      description = "End after so long, as in 10s. Default: never.")
  private Optional<Duration> time = Optional.empty();

  @Option(
      names = "--snap",
      paramLabel = "BYTES",
      defaultValue = "262144",
      description = "How much of each packet is kept. Default: ${DEFAULT-VALUE}.")
  private int snapBytes = MOST_SNAP;

  @Mixin private MachineOptions options = new MachineOptions();

  /** Picocli makes it. */
  public CaptureCommand() {}

  @Override
  public Integer call() throws EndpointException {
    check();
    Privilege.require();
    // Not System.out, which hides that nobody reads any more; not closed: it is the process's.
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    try (Termination termination = Termination.listen()) {
      Tapped tapped = find();
      Capture.Limits limits = new Capture.Limits(snapBytes, count, time);
      Capture.Summary summary =
          new Capture(tapped.netns(), tapped, limits).run(out, termination::isAsked);
      spec.commandLine()
          .getErr()
          .printf("%d packets captured, %d lost%n", summary.captured(), summary.dropped());
      spec.commandLine().getErr().flush();
      return ExitCode.OK.value();
    } catch (IOException failure) {
      throw new CliException(ExitCode.FAILED, "capture: " + failure.getMessage(), "", failure);
    }
  }

  private Tapped find() throws EndpointException {
    try (Fleet fleet = options.open()) {
      return Tapped.find(fleet.each(Member::of), name, link);
    }
  }

  private void check() {
    if (snapBytes < LEAST_SNAP || snapBytes > MOST_SNAP) {
      throw new ParameterException(
          spec.commandLine(),
          "--snap: %d (expected: %d..%d)".formatted(snapBytes, LEAST_SNAP, MOST_SNAP));
    }
    if (count.isPresent() && count.get() < 1) {
      throw new ParameterException(
          spec.commandLine(), "--count: %d (expected: 1 or more)".formatted(count.get()));
    }
    if (Terminal.isStdout()) {
      throw new CliException(
          ExitCode.USAGE,
          "standard output: a terminal (expected: a file or a program)",
          "Send it to one: `vl3 capture %s | tshark -r -`, or `> FILE`.".formatted(name));
    }
  }
}
