package io.vl3.cli.command.check;

import io.vl3.admin.AdminClient;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Member;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.command.shared.CheckedTime;
import io.vl3.cli.command.shared.ListCommand;
import io.vl3.cli.command.shared.Privilege;
import io.vl3.cli.verify.Verification;
import io.vl3.cli.verify.Verified;
import io.vl3.cli.verify.VerifyText;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vl3 verify}: packets through the network. */
@Command(
    name = "verify",
    description = {
      "Send packets through the networks of this machine: every workload is pinged by every other"
          + " and by its NSE, every peer by the NSEs that have it; the largest packet that passes"
          + " is looked for; names are looked up by the name servers of each workload's own"
          + " resolv.conf.",
      "Everything is sent from inside of the namespaces, so this takes root. Ends with 1 if"
          + " something fails."
    })
public final class VerifyCommand extends ListCommand {

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description = "Only between these workloads. Default: everything.")
  private List<String> workloads = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = CheckedTime.class,
      description = "How long an answer may take, as in 2s. Default: ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ofSeconds(2);

  @Option(
      names = "--throughput",
      paramLabel = "TIME",
      converter = CheckedTime.class,
      description =
          "Send by TCP from each workload to each other for so long too, one pair after the other.")
  private Optional<Duration> throughput = Optional.empty();

  private boolean well = true;

  /** Picocli makes it. */
  public VerifyCommand() {}

  @Override
  protected String answer(Fleet fleet, Form form) throws EndpointException {
    Privilege.require();
    try (Threads threads = new Threads()) {
      Verification.Wish wish = new Verification.Wish(Set.copyOf(workloads), timeout, throughput);
      List<Member> members = fleet.each(Member::of);
      requireKnown(members);
      Verified found =
          new Verification(members, fleet.all(AdminClient::names), wish, threads).run();
      requireSomething(found);
      well = found.isWell();
      return form.isJson() ? VerifyText.json(found, fleet.silent()) : VerifyText.table(found);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new EndpointException(Reason.CANCELLED, "verify: interrupted", asked);
    }
  }

  private void requireKnown(List<Member> members) {
    List<String> known =
        members.stream()
            .flatMap(member -> member.status().getWorkloadsList().stream())
            .map(each -> each.getName())
            .toList();
    for (String name : workloads) {
      if (!known.contains(name)) {
        throw new CliException(
            ExitCode.NOT_FOUND,
            "workload: %s (expected: one of %s)".formatted(name, known.stream().limit(20).toList()),
            "`vl3 status` lists workloads.");
      }
    }
  }

  private static void requireSomething(Verified found) {
    if (found.isEmpty()) {
      throw new CliException(
          ExitCode.NOT_FOUND,
          "nothing to verify: no link whose namespace can be entered from here%s"
              .formatted(found.skipped().isEmpty() ? "" : " " + found.skipped()),
          "Attach a workload with `vl3 client`, or run this where the processes run.");
    }
  }

  @Override
  protected ExitCode exitCode() {
    return well ? ExitCode.OK : ExitCode.FAILED;
  }
}
