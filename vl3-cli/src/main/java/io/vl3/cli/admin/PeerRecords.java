package io.vl3.cli.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
import java.util.List;
import java.util.Map;

/** The peers of all NSEs as one list: the record of a peer with the NSE that it is a peer of. */
public final class PeerRecords {

  private static final int VERSION = 1;

  private PeerRecords() {}

  /** Whether a peer is not up. */
  public static boolean anyDown(List<ProcessStatus> processes) {
    return nses(processes).stream()
        .flatMap(nse -> nse.getPeersList().stream())
        .anyMatch(peer -> !peer.getState().equals("up"));
  }

  /** As a document. */
  public static String document(List<ProcessStatus> processes, Map<String, String> silent) {
    ObjectNode root = Json.root(VERSION, silent);
    ArrayNode peers = root.putArray("peers");
    for (Nse nse : nses(processes)) {
      nse.getPeersList()
          .forEach(
              peer -> {
                ObjectNode one = peers.addObject().put("nse", nse.getName());
                one.setAll(Json.of(peer));
              });
    }
    return Json.text(root);
  }

  private static List<Nse> nses(List<ProcessStatus> processes) {
    return processes.stream().flatMap(process -> process.getNsesList().stream()).toList();
  }
}
