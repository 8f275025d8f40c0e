package io.vl3.cli.diagnose;

import io.vl3.cli.diagnose.control.ClockCheck;
import io.vl3.cli.diagnose.control.DataPlaneCheck;
import io.vl3.cli.diagnose.control.IdentityCheck;
import io.vl3.cli.diagnose.control.ManagerCheck;
import io.vl3.cli.diagnose.control.OverlapCheck;
import io.vl3.cli.diagnose.control.PoolCheck;
import io.vl3.cli.diagnose.control.PrefixServerCheck;
import io.vl3.cli.diagnose.control.RegistryCheck;
import io.vl3.cli.diagnose.control.ReportedCheck;
import io.vl3.cli.diagnose.machine.ConfigurationCheck;
import io.vl3.cli.diagnose.machine.CpuCheck;
import io.vl3.cli.diagnose.machine.DiskCheck;
import io.vl3.cli.diagnose.machine.FilesCheck;
import io.vl3.cli.diagnose.machine.KernelCheck;
import io.vl3.cli.diagnose.machine.NeighbourCheck;
import io.vl3.cli.diagnose.machine.ProcessCheck;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.network.FirewallCheck;
import io.vl3.cli.diagnose.network.ForwardingCheck;
import io.vl3.cli.diagnose.network.InterfaceCheck;
import io.vl3.cli.diagnose.network.MtuCheck;
import io.vl3.cli.diagnose.network.PeerCheck;
import io.vl3.cli.diagnose.network.ReversePathCheck;
import io.vl3.cli.diagnose.network.RouteCheck;
import io.vl3.cli.diagnose.scene.Scene;
import java.util.List;

/** All checks, in the order in which they are shown. A new one is one more line. */
public final class Checks {

  private Checks() {}

  /** New checks, for one diagnosis. */
  public static List<Check<Scene>> all() {
    return List.of(
        new ConfigurationCheck(),
        new ProcessCheck(),
        new KernelCheck(),
        new DiskCheck(),
        new FilesCheck(),
        new CpuCheck(),
        new NeighbourCheck(),
        new ClockCheck(),
        new IdentityCheck(),
        new ManagerCheck(),
        new RegistryCheck(),
        new PrefixServerCheck(),
        new OverlapCheck(),
        new PoolCheck(),
        new DataPlaneCheck(),
        new ForwardingCheck(),
        new ReversePathCheck(),
        new FirewallCheck(),
        new InterfaceCheck(),
        new RouteCheck(),
        new MtuCheck(),
        new PeerCheck(),
        new ReportedCheck());
  }
}
