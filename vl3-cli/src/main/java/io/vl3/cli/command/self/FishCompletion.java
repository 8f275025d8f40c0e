package io.vl3.cli.command.self;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Writes a completion script for fish: one line for each command and option. */
final class FishCompletion {

  /** The words before the cursor that are commands, joined, are what the lines ask for. */
  private static final String AT =
      """
      function __%1$s_at
          set -l path
          for word in (commandline -opc)[2..]
              contains -- $word %2$s
              and set -a path $word
          end
          test "$path" = "$argv"
      end
      complete -c %1$s -f
      """;

  private final String program;
  private final StringBuilder out = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(CommandSpec root) {
    FishCompletion script = new FishCompletion(root.name());
    String words =
        visible(root)
            .flatMap(command -> Stream.concat(Stream.of(command), visible(command)))
            .map(CommandSpec::name)
            .distinct()
            .sorted()
            .collect(Collectors.joining(" "));
    script.out.append(AT.formatted(root.name(), words));
    script.command(root, "");
    return script.out.toString();
  }

  private void command(CommandSpec command, String path) {
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        option(option, path);
      }
    }
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      Iterable<String> values = parameter.completionCandidates();
      if (values != null) {
        line(path, "-a " + words(values), parameter.description());
      }
    }
    visible(command)
        .forEach(
            sub -> {
              line(path, "-a " + quoted(sub.name()), said(sub.usageMessage()));
              command(sub, path.isEmpty() ? sub.name() : path + " " + sub.name());
            });
  }

  private void option(OptionSpec option, String path) {
    String names =
        Stream.of(option.names()).map(FishCompletion::name).collect(Collectors.joining(" "));
    line(path, names + value(option), option.description());
  }

  private static String name(String option) {
    if (option.startsWith("--")) {
      return "-l " + quoted(option.substring(2));
    }
    String name = option.substring(1);
    return (name.length() == 1 ? "-s " : "-o ") + quoted(name);
  }

  /** Without known values they may be files. */
  private static String value(OptionSpec option) {
    if (option.arity().max() == 0) {
      return "";
    }
    Iterable<String> candidates = option.completionCandidates();
    return candidates == null ? " -r -F" : " -x -a " + words(candidates);
  }

  private static String words(Iterable<String> values) {
    return quoted(
        StreamSupport.stream(values.spliterator(), false).collect(Collectors.joining(" ")));
  }

  /** Picocli's own help has its first sentence in the header. */
  private static String[] said(UsageMessageSpec command) {
    return command.header().length > 0 ? command.header() : command.description();
  }

  private void line(String path, String what, String[] description) {
    String told = description.length == 0 ? "" : " -d " + quoted(plain(description[0]));
    out.append(
        "complete -c %s -n '__%s_at %s' %s%s\n".formatted(program, program, path, what, told));
  }

  private static String plain(String description) {
    return CommandLine.Help.Ansi.OFF.string(description).replaceAll("\\s+", " ");
  }

  private static Stream<CommandSpec> visible(CommandSpec command) {
    return List.copyOf(command.subcommands().values()).stream()
        .map(CommandLine::getCommandSpec)
        .distinct()
        .filter(sub -> !sub.usageMessage().hidden());
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
