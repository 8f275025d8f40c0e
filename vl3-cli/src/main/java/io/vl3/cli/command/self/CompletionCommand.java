package io.vl3.cli.command.self;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vl3 completion}: what a shell needs to complete a command line of ours. */
@Command(
    name = "completion",
    description = {
      "Print a script that completes vl3's commands and options in a shell.",
      "bash, for one session: source <(vl3 completion bash). For good: vl3 completion bash >"
          + " ~/.local/share/bash-completion/completions/vl3",
      "zsh, for one session: source <(vl3 completion zsh). For good: that line in ~/.zshrc",
      "fish, for good: vl3 completion fish > ~/.config/fish/completions/vl3.fish"
    })
public final class CompletionCommand implements Runnable {

  /** The shells. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.bash;

  /** Picocli makes it. */
  public CompletionCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    CommandSpec root = spec.root();
    out.print(
        shell == Shell.fish
            ? FishCompletion.of(root)
            // Picocli's script takes zsh for a bash, which it can play.
            : AutoComplete.bash(root.name(), root.commandLine()));
    out.flush();
  }
}
