package io.vl3.cli.command.file;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Nses;
import io.vl3.cli.command.shared.CheckedText;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.command.shared.RunDirOption;
import io.vl3.cli.render.JournalList;
import io.vl3.internal.process.ProcessLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 journals}: what NSEs remember beyond their end, and forgetting it. */
@Command(
    name = "journals",
    description = {
      "List the journals in which NSEs keep who has which addresses; they stay when an NSE ends.",
      "With --remove NAME the journal of an NSE that does not run is removed: at its next start it"
          + " knows no workload any more, and any of them may get another address."
    })
public final class JournalsCommand implements Callable<Integer> {

  private static final String SUFFIX = ".journal";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "Where they are: state.journal. Default: journal in the run directory.")
  private Optional<Path> directory = Optional.empty();

  @Option(
      names = "--remove",
      paramLabel = "NAME",
      converter = CheckedText.Name.class,
      description = "Remove the journal of this NSE; may be repeated.")
  private List<String> removed = List.of();

  @Mixin private RunDirOption runDir = new RunDirOption();
  @Mixin private OutputOption output = new OutputOption();

  /** Picocli makes it. */
  public JournalsCommand() {}

  @Override
  public Integer call() {
    Path journals = directory.orElse(runDir.path().resolve("journal"));
    try {
      for (String name : removed) {
        remove(journals.resolve(name + SUFFIX), name);
      }
      print(list(journals, runDir.path()));
      return ExitCode.OK.value();
    } catch (IOException failure) {
      throw new CliException(
          ExitCode.FAILED, journals + ": not readable: " + failure.getMessage(), "", failure);
    }
  }

  /** Its NSE may not start in the middle. */
  @SuppressWarnings("try") // the lock is only held
  private void remove(Path journal, String name) throws IOException {
    if (!Files.exists(journal)) {
      throw new CliException(
          ExitCode.NOT_FOUND, "--remove: %s (expected: an NSE with a journal)".formatted(name), "");
    }
    Path lock = Nses.lock(runDir.path(), name);
    try (ProcessLock held =
        ProcessLock.tryAcquire(lock)
            .orElseThrow(
                () ->
                    new CliException(
                        ExitCode.FAILED,
                        "%s: runs (expected: not running) [lock %s]".formatted(name, lock),
                        "End it first. Its journal was not removed."))) {
      Files.deleteIfExists(journal);
      spec.commandLine().getErr().printf("%s: removed%n", journal);
      spec.commandLine().getErr().flush();
    }
  }

  /**
   * The journals of a directory.
   *
   * @param runDirectory where their NSEs run
   */
  public static JournalList list(Path journals, Path runDirectory) throws IOException {
    List<JournalList.Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(journals, "*" + SUFFIX)) {
      for (Path file : files) {
        entries.add(entry(file, runDirectory));
      }
    } catch (NoSuchFileException none) {
      return new JournalList(journals, List.of());
    }
    return new JournalList(journals, entries);
  }

  private static JournalList.Entry entry(Path file, Path runDirectory) throws IOException {
    String fileName = file.getFileName().toString();
    String name = fileName.substring(0, fileName.length() - SUFFIX.length());
    return new JournalList.Entry(
        name,
        Files.size(file),
        Files.getLastModifiedTime(file).toInstant(),
        ProcessLock.isHeld(Nses.lock(runDirectory, name)));
  }

  private void print(JournalList list) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(output.json() ? list.json() : list.text());
    out.flush();
  }
}
