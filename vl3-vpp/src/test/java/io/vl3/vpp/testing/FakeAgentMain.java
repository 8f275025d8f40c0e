package io.vl3.vpp.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A {@link FakeAgent} as a process of its own. It prints the port that it listens on, tells each
 * call as a line of its errors, answers each line of its input with its state, how many interfaces
 * it has made, and an empty line, and ends with its input.
 */
public final class FakeAgentMain {

  private FakeAgentMain() {}

  /** Serves on the given port of the loopback address; 0: any free one. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    FakeAgent agent = new FakeAgent().tells(call -> System.err.println(call));
    try (FakeAgentServer server = FakeAgentServer.onPort(agent, Integer.parseInt(arguments[0]));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      out.println(server.port());
      while (in.readLine() != null) {
        out.println(agent.state() + "made " + agent.interfacesCreated() + "\n");
      }
    }
  }
}
