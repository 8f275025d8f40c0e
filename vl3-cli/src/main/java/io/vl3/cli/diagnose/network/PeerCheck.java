package io.vl3.cli.diagnose.network;

import io.vl3.api.admin.v1.Connection;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Whether peers that answer pass on what is for their workloads, as far as these are known here.
 */
public final class PeerCheck implements Check<Scene> {

  private static final int WORKLOADS = 4;

  private final Pings pings = new Pings();

  /** A check. */
  public PeerCheck() {}

  @Override
  public String name() {
    return "peers";
  }

  @Override
  public String tries() {
    return "Ping each peer that is up, and up to four of its workloads that processes here know of,"
        + " from the NSE's namespace.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    List<IpAddress> workloads = workloads(scene);
    Map<PeerLink, Tried> tried = new LinkedHashMap<>();
    for (PeerLink link : scene.sites().stream().flatMap(PeerLink::of).toList()) {
      List<IpAddress> behind = workloads.stream().filter(link::leadsTo).limit(WORKLOADS).toList();
      if (!behind.isEmpty()) {
        tried.put(link, begin(link, behind));
      }
    }
    List<Finding> findings = new ArrayList<>();
    tried.forEach(
        (link, pinged) -> {
          if (pinged.peer().join()
              && pinged.behind().values().stream().noneMatch(CompletableFuture::join)) {
            findings.add(finding(link, pinged.behind().keySet()));
          }
        });
    return tried.isEmpty()
        ? Answer.skipped("no workload of a peer is known here")
        : Answer.of("%d peers tried".formatted(tried.size()), findings);
  }

  private record Tried(
      CompletableFuture<Boolean> peer, Map<IpAddress, CompletableFuture<Boolean>> behind) {}

  private Tried begin(PeerLink link, List<IpAddress> behind) throws IOException {
    Map<IpAddress, CompletableFuture<Boolean>> pinged = new LinkedHashMap<>();
    for (IpAddress workload : behind) {
      pinged.put(workload, pings.answers(link.site().netns(), workload));
    }
    return new Tried(pings.answers(link.site().netns(), link.address()), pinged);
  }

  private static List<IpAddress> workloads(Scene scene) {
    List<String> texts = new ArrayList<>();
    scene
        .processes()
        .forEach(
            process ->
                process
                    .says()
                    .ifPresent(
                        member -> {
                          member
                              .status()
                              .getWorkloadsList()
                              .forEach(each -> texts.addAll(each.getAddressesList()));
                          member.connections().stream()
                              .filter(each -> each.getKind().equals("workload"))
                              .map(Connection::getClientAddressesList)
                              .forEach(texts::addAll);
                        }));
    return texts.stream()
        .distinct()
        .flatMap(text -> InterfaceAddress.tryParse(text).stream())
        .map(InterfaceAddress::address)
        .toList();
  }

  private static Finding finding(PeerLink link, Set<IpAddress> silent) {
    List<String> shown = silent.stream().map(IpAddress::toString).toList();
    return Finding.error(
        Fault.PEER_FORWARDS_NOTHING,
        Set.of(link.site().nse(), link.plainPeer()),
        "%s, seen from %s".formatted(link.peer(), link.site().nse()),
        "%s answers at %s, and none of its workloads does: %s."
            .formatted(link.plainPeer(), link.address(), String.join(", ", shown)));
  }
}
