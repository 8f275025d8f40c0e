package io.vl3.cli.demo;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** Something that goes wrong with a live network, and ends; who is hit is drawn by lot. */
enum Fault {

  /** An NSE is killed and started again, at once or a little later. */
  NSE_KILLED {
    @Override
    String strike(LiveNetwork live, RandomGenerator random) throws Exception {
      return killAndStart(live, pick(live.plan().nses().toList(), random).name(), random);
    }
  },

  /** The process that owns an embedded manager is killed and started again. */
  MANAGER_KILLED {
    @Override
    String strike(LiveNetwork live, RandomGenerator random) throws Exception {
      Domain domain = pick(live.plan().domains(), random);
      return killAndStart(live, live.managerOwner(domain), random);
    }
  },

  /** A domain's client process is killed and started again. */
  CLIENT_KILLED {
    @Override
    String strike(LiveNetwork live, RandomGenerator random) throws Exception {
      Domain domain = pick(live.plan().domains(), random);
      return killAndStart(live, LiveNetwork.clients(domain), random);
    }
  },

  /** A process is stopped for a while: it neither answers nor hangs up. */
  PROCESS_FROZEN {
    @Override
    String strike(LiveNetwork live, RandomGenerator random) throws Exception {
      String name = pick(live.names(), random);
      live.signal(name, "STOP");
      pause(random.nextInt(500, 3_000));
      live.signal(name, "CONT");
      return name;
    }
  },

  /** One NSE's interface to another is taken down. */
  PEER_LINK_DOWN {
    @Override
    String strike(LiveNetwork live, RandomGenerator random) throws Exception {
      return peerLink(live, random, "link set dev %s down");
    }
  },

  /** One NSE's interface to another is deleted. */
  PEER_LINK_DELETED {
    @Override
    String strike(LiveNetwork live, RandomGenerator random) throws Exception {
      return peerLink(live, random, "link del dev %s");
    }
  },

  /** A workload's interface is deleted. */
  WORKLOAD_LINK_DELETED {
    @Override
    String strike(LiveNetwork live, RandomGenerator random) throws Exception {
      WorkloadHost host = pick(live.hosts(), random);
      live.deleteWorkloadLink(host);
      return host.netns();
    }
  },

  /** A node is cut off from the others for a while. */
  NODE_CUT_OFF {
    @Override
    String strike(LiveNetwork live, RandomGenerator random) throws Exception {
      Domain domain = pick(live.plan().domains(), random);
      live.cutOff(domain);
      pause(random.nextInt(500, 6_000));
      live.join(domain);
      return domain.node();
    }
  };

  /**
   * Makes it happen, and end: from then on all has to be well again soon.
   *
   * @return whom it hit
   */
  abstract String strike(LiveNetwork live, RandomGenerator random) throws Exception;

  static Fault draw(RandomGenerator random) {
    return pick(List.of(values()), random);
  }

  /** The time of the fault itself is a part of it, not a wait for something to happen. */
  private static void pause(int millis) {
    LockSupport.parkNanos(millis * 1_000_000L);
  }

  private static String killAndStart(LiveNetwork live, String name, RandomGenerator random)
      throws Exception {
    live.kill(name);
    pause(random.nextInt(2_000));
    live.startAndAwait(name);
    return name;
  }

  private static String peerLink(LiveNetwork live, RandomGenerator random, String command)
      throws Exception {
    Nse at = pick(live.plan().nses().toList(), random);
    Nse to = pick(live.plan().nses().filter(nse -> !nse.equals(at)).toList(), random);
    live.breakPeerLink(at, to, command);
    return at.name() + " to " + to.name();
  }

  private static <T> T pick(List<T> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }
}
