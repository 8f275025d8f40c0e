package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.internal.Item;
import java.util.List;
import java.util.function.Consumer;

/** What VPP has to do so that there are interfaces, which it numbers. Used for one batch. */
final class FaceMaking {

  private static final List<String> CREATE = List.of("memif_create_v2", "memif_create");

  /** Of the modes of a host interface the one with frames. */
  private static final int ETHERNET = 1;

  private final Orders orders;
  private final Image image;
  private final SocketOrders sockets;

  FaceMaking(Orders orders, Image image) {
    this.orders = orders;
    this.image = image;
    this.sockets = new SocketOrders(orders, image);
  }

  /** Makes an interface; VPP has it without its name until it is told. */
  void create(Item item, Consumer<Face> made) {
    Interface face = (Interface) item.message();
    if (face.hasMemif()) {
      createMemif(item, face.getMemif(), made);
    } else if (face.getType() == Interface.Type.AF_PACKET) {
      createHost(item, face.getAfpacket().getHostIfName(), made);
    } else if (face.getType() == Interface.Type.SOFTWARE_LOOPBACK) {
      orders.ask(
          item.key(),
          ApiMessage.of("create_loopback").with("mac_address", FaceOrders.mac(item.name())),
          reply -> made.accept(made(reply, Face.Kind.LOOPBACK, item)));
    } else {
      orders.refuse(
          item.key(), "type: %s (expected: memif, loopback, af_packet)".formatted(face.getType()));
    }
  }

  private void createMemif(Item item, MemifLink link, Consumer<Face> made) {
    String file = link.getSocketFilename();
    if (!sockets.opens(file)) {
      orders.refuse(
          item.key(),
          ("socket %s: not of this VPP (expected: a file, by dataplane.memif.socketDirectory,"
                  + " or VPP 23.06 or later)")
              .formatted(file));
      return;
    }
    long number = sockets.number(item.key(), file);
    orders.ask(
        item.key(),
        ApiMessage.of(orders.newest(CREATE))
            .with("role", link.getMaster() ? 0 : 1)
            .with("mode", link.getMode().getNumber())
            .with("rx_queues", link.getRxQueues())
            .with("tx_queues", link.getTxQueues())
            .with("id", Integer.toUnsignedLong(link.getId()))
            .with("socket_id", number)
            .with("ring_size", link.getRingSize())
            .with("buffer_size", link.getBufferSize())
            .with("hw_addr", FaceOrders.mac(item.name()))
            .with("secret", link.getSecret()),
        reply -> {
          Face face = made(reply, Face.Kind.MEMIF, item);
          image.memif(face, Face.Memif.of(link));
          if (image.sockets().file(number).equals(file)) {
            made.accept(face);
          } else {
            takeBack(item.key(), face);
          }
        });
  }

  private void createHost(Item item, String device, Consumer<Face> made) {
    ApiMessage create =
        ApiMessage.of(orders.newest(UsedMessages.HOST))
            .with("host_if_name", device)
            .with("hw_addr", FaceOrders.mac(item.name()));
    orders.ask(
        item.key(),
        create.name().equals(UsedMessages.HOST.get(0))
            ? create.with("mode", ETHERNET).with("num_rx_queues", 1).with("num_tx_queues", 1)
            : create,
        reply -> {
          Face face = made(reply, Face.Kind.HOST, item);
          face.device(device);
          made.accept(face);
        });
  }

  private Face made(ApiMessage reply, Face.Kind kind, Item item) {
    Face face = new Face(reply.intValue("sw_if_index"), kind, "", item.name());
    image.add(face);
    return face;
  }

  /** The number was not given to us: the interface is at the socket of who has it. */
  private void takeBack(String key, Face face) {
    image.remove(face);
    orders.add(key, FaceOrders.deletion(face), FaceOrders.NOT_THERE, () -> image.add(face));
  }
}
