package io.vl3.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.api.admin.v1.Nse;
import io.vl3.cli.admin.Json;
import io.vl3.cli.admin.Member;
import io.vl3.cli.admin.Topology;
import io.vl3.cli.admin.TopologyText;
import java.util.List;
import java.util.Map;

/** The data of the page: the topology's document, with pools and troubles, in one line. */
final class PageState {

  private PageState() {}

  static String of(List<Member> members) {
    ObjectNode state = TopologyText.tree(Topology.of(members), Map.of());
    ArrayNode pools = state.putArray("pools");
    ArrayNode health = state.putArray("health");
    for (Member member : members) {
      member.status().getNsesList().forEach(nse -> pools(nse, pools));
      member.status().getHealthList().forEach(item -> health.add(Json.of(item)));
    }
    return state.toString();
  }

  private static void pools(Nse nse, ArrayNode pools) {
    nse.getPoolsList()
        .forEach(
            pool -> {
              ObjectNode one = Json.of(pool);
              one.put("nse", nse.getName());
              pools.add(one);
            });
  }
}
