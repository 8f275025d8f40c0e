package io.vl3.cli.command.shared;

import com.google.protobuf.Message;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Json;
import io.vl3.cli.admin.Paint;
import io.vl3.failure.EndpointException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks processes for something and prints it. */
public abstract class ListCommand implements Callable<Integer> {

  /** Of the documents; it changes when a field goes or changes its meaning. */
  private static final int VERSION = 1;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private FleetOptions options = new FleetOptions();
  @Mixin private OutputOption output = new OutputOption();

  /** How the answer is to look. */
  protected record Form(Fleet fleet, boolean isJson, Paint paint) {

    /** Records as a document; docs/admin.md has them. */
    public String document(String name, Collection<? extends Message> records) {
      return Json.document(VERSION, name, records, fleet.silent());
    }
  }

  /** The text to print. */
  protected abstract String answer(Fleet fleet, Form form) throws EndpointException;

  /** How the command ends where everybody answered. */
  protected ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public Integer call() throws EndpointException {
    try (Fleet fleet = options.open()) {
      String text = answer(fleet, new Form(fleet, output.json(), FleetOptions.paint()));
      PrintWriter out = spec.commandLine().getOut();
      out.print(text);
      out.flush();
      fleet.silent().values().forEach(why -> spec.commandLine().getErr().println(why));
      spec.commandLine().getErr().flush();
      return (fleet.silent().isEmpty() ? exitCode() : ExitCode.UNREACHABLE).value();
    }
  }
}
