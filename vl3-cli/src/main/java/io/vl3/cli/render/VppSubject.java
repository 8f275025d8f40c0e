package io.vl3.cli.render;

/**
 * Who was asked of VPP's state.
 *
 * @param direct VPP itself (true), or its agent
 * @param address VPP's socket, or the agent's host:port
 */
public record VppSubject(boolean direct, String address) {

  /** As a line begins with it. */
  String words() {
    return direct ? "VPP at " + address : "vpp-agent " + address;
  }
}
