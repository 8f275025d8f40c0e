package io.vl3.vpp.behaviour;

import io.grpc.ManagedChannel;
import java.util.Set;

/** An agent to try, with what can be done to it from outside. */
interface Agent extends AutoCloseable {

  /** What a scenario does besides calling the API. */
  enum Lever {
    /** VPP refuses what it is asked for. */
    REFUSE,
    /** The agent ends and comes back; VPP goes on. */
    RESTART,
    /** Somebody else configures VPP. */
    FOREIGN,
    /** Nobody minds if everything in VPP is lost. */
    WIPE
  }

  /** The calls go here. */
  ManagedChannel channel();

  /** The levers that this agent has. */
  Set<Lever> levers();

  /** From now on VPP refuses to make or change the interface or address of that name. */
  void refuse(String name);

  /** From now on VPP refuses to remove the interface of that name. */
  void hold(String name);

  /** From now on VPP refuses nothing. */
  void heal();

  /** Ends the agent and starts it again; returns when it answers. */
  void restart();

  /** Makes a loopback interface in VPP past the agent. */
  void foreign(String name);

  /** Takes the interface of that name down in VPP past the agent. */
  void down(String name);

  @Override
  void close();
}
