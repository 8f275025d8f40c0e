package io.vl3.nameserver.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.ConnectionId;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.nameserver.NameServerSettings.ForeignNames;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Questions by dnsjava's client, over loopback. */
class NameServerTest {

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
    server.name("nsc.vl3", "10.0.0.1", "2001:db8::1");
    server.name("four.vl3", "10.0.0.4");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void names_haveAddresses_andAddressesNames() throws Exception {
    assertThat(answers(server.ask("nsc.vl3", Type.A))).containsExactly("nsc.vl3. 10 A 10.0.0.1");
    assertThat(answers(server.ask("NSC.vl3", Type.AAAA)))
        .containsExactly("NSC.vl3. 10 AAAA 2001:db8:0:0:0:0:0:1");
    assertThat(answers(server.ask("nsc.vl3", Type.ANY))).hasSize(2);
    assertThat(answers(server.ask("1.0.0.10.in-addr.arpa", Type.PTR)))
        .containsExactly("1.0.0.10.in-addr.arpa. 10 PTR nsc.vl3.");
    String ip6 = "1.0.0.0.".repeat(1) + "0.0.0.0.".repeat(5) + "8.b.d.0.1.0.0.2.ip6.arpa";
    assertThat(answers(server.ask(ip6, Type.PTR)))
        .singleElement()
        .asString()
        .endsWith(" 10 PTR nsc.vl3.");
    Message answer = server.ask("nsc.vl3", Type.A);
    assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
    assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
    assertThat(answer.getHeader().getFlag(Flags.RD)).isTrue();
  }

  @Test
  void whatANameHasNot_isNoError_andMayBeKeptShortly() throws Exception {
    for (int type : List.of(Type.AAAA, Type.TXT, Type.PTR)) {
      Message answer = server.ask("four.vl3", type);
      assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(answers(answer)).isEmpty();
      assertThat(authority(answer)).containsExactly("vl3. 2 SOA");
    }
    assertThat(server.ask("4.0.0.10.in-addr.arpa", Type.TXT).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void ofOurDomainsAndAddresses_weKnowThatANameDoesNotExist_ofOthersWeSayNothing()
      throws Exception {
    Message unknown = server.ask("nobody.vl3", Type.A);
    assertThat(unknown.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(authority(unknown)).containsExactly("vl3. 2 SOA");
    assertThat(server.ask("9.9.0.10.in-addr.arpa", Type.PTR).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(server.ask("1.2.0.192.in-addr.arpa", Type.PTR).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(server.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(server.ask("xvl3", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(server.ask("odd\\032name.vl3", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void theSameQuestionAgain_hasTheSameAnswer_untilTheTableChanges() throws Exception {
    byte[] question = withEdns(TestServer.query("four.vl3", Type.A), 1232, 0).toWire();
    Message first = server.raw(question);
    question[0]++;
    Message again = server.raw(question);
    assertThat(again.getHeader().getID()).isEqualTo((first.getHeader().getID() + 0x100) & 0xffff);
    assertThat(again.getSection(Section.ANSWER)).isEqualTo(first.getSection(Section.ANSWER));
    assertThat(again.getOPT()).isEqualTo(first.getOPT());
    server.name("four.vl3", "10.0.0.40");
    assertThat(answers(server.raw(question))).containsExactly("four.vl3. 10 A 10.0.0.40");
    server.names.remove(new ConnectionId("four.vl3"));
    assertThat(server.raw(question).getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void domains_exist() throws Exception {
    server.name("a.b.vl3", "10.0.0.5");
    for (String domain : List.of("vl3", "b.vl3", "")) {
      assertThat(server.ask(domain, Type.A).getRcode()).as(domain).isEqualTo(Rcode.NOERROR);
    }
    assertThat(server.ask("c.vl3", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void whatDoesNotFit_isCutOff_andWholeByTcp() throws Exception {
    server.name("many.vl3", addresses(200));
    Message plain = server.raw(TestServer.query("many.vl3", Type.A).toWire());
    assertThat(plain.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(plain.numBytes()).isLessThanOrEqualTo(512);
    assertThat(plain.getSection(Section.ANSWER)).hasSize((512 - 12 - 14) / 16);
    Message edns = server.send(withEdns(TestServer.query("many.vl3", Type.A), 4096, 0));
    assertThat(edns.getSection(Section.ANSWER)).hasSize((1232 - 12 - 14 - 11) / 16);
    assertThat(edns.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(edns.numBytes()).isLessThanOrEqualTo(1232);
    assertThat(edns.getOPT().getPayloadSize()).isEqualTo(1232);
    Message tcp = server.sendTcp(TestServer.query("many.vl3", Type.A));
    assertThat(tcp.getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(answers(tcp)).hasSize(200);
  }

  @Test
  void whatIsNoQuestionForUs_isRefusedByItsCode() throws Exception {
    Message update = TestServer.query("nsc.vl3", Type.A);
    update.getHeader().setOpcode(Opcode.UPDATE);
    assertThat(server.raw(update.toWire()).getRcode()).isEqualTo(Rcode.NOTIMP);
    assertThat(server.send(withEdns(TestServer.query("nsc.vl3", Type.A), 512, 1)).getRcode())
        .isEqualTo(Rcode.BADVERS);
    assertThat(server.raw(TestServer.query("nsc.vl3", Type.AXFR).toWire()).getRcode())
        .isEqualTo(Rcode.REFUSED);
    Message chaos =
        Message.newQuery(Record.newRecord(Name.fromString("nsc.vl3."), Type.A, DClass.CH));
    assertThat(server.send(chaos).getRcode()).isEqualTo(Rcode.REFUSED);
    Message two = TestServer.query("nsc.vl3", Type.A);
    two.addRecord(two.getQuestion(), Section.QUESTION);
    assertThat(server.raw(two.toWire()).getRcode()).isEqualTo(Rcode.FORMERR);
    byte[] broken = Arrays.copyOf(TestServer.query("nsc.vl3", Type.A).toWire(), 15);
    assertThat(server.raw(broken).getRcode()).isEqualTo(Rcode.FORMERR);
    assertThat(server.raw(broken).getHeader().getID())
        .isEqualTo(((broken[0] & 0xff) << 8) | (broken[1] & 0xff));
  }

  @Test
  void answersAndScraps_areNotAnswered() throws Exception {
    Message answer = TestServer.query("nsc.vl3", Type.A);
    answer.getHeader().setFlag(Flags.QR);
    assertThat(Received.read(answer.toWire())).isEmpty();
    assertThat(Received.read(new byte[11])).isEmpty();
    assertThat(Received.read(new byte[0])).isEmpty();
  }

  @Test
  void brokenPackets_breakNothing() throws Exception {
    Random random = new Random(5);
    byte[] good = withEdns(TestServer.query("nsc.vl3", Type.A), 1232, 0).toWire();
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < 5_000; i++) {
        byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 20));
        for (int flips = random.nextInt(6); flips > 0 && bad.length > 0; flips--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        }
        socket.send(
            new DatagramPacket(bad, bad.length, InetAddress.getLoopbackAddress(), server.port()));
        if (i % 50 == 0) { // No more than the socket's buffer holds.
          assertThat(answers(server.ask("nsc.vl3", Type.A))).hasSize(1);
        }
      }
    }
  }

  @Test
  void asMuchAsFits_isAnswered_howeverMuchThereIs() throws Exception {
    for (int count = 1; count <= 40; count++) {
      String name = "n" + count + ".vl3";
      server.name(name, addresses(count));
      int whole = 12 + (name.length() + 2 + 4) + 16 * count;
      Message answer = server.raw(TestServer.query(name, Type.A).toWire());
      assertThat(answer.getHeader().getFlag(Flags.TC)).isEqualTo(whole > 512);
      assertThat(answer.getSection(Section.ANSWER))
          .hasSize(Math.min(count, (512 - (whole - 16 * count)) / 16));
    }
  }

  @Test
  void foreignNames_doNotExist_ifThereIsNoOtherServerToAsk() throws Exception {
    server.close();
    server =
        TestServer.start(
            NameServerSettings.DEFAULT.withPorts(0, 0).withForeignNames(ForeignNames.NXDOMAIN));
    Message answer = server.ask("www.example.com", Type.AAAA);
    assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(authority(answer)).containsExactly("example.com. 2 SOA");
    assertThat(server.ask("com", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(server.ask("vl3", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  private static String[] addresses(int count) {
    return IntStream.range(0, count).mapToObj(i -> "10.0.1." + i).toArray(String[]::new);
  }

  private static Message withEdns(Message query, int bytes, int version) {
    query.addRecord(new OPTRecord(bytes, 0, version), Section.ADDITIONAL);
    return query;
  }

  static List<String> answers(Message answer) {
    return answer.getSection(Section.ANSWER).stream()
        .map(
            r ->
                "%s %d %s %s"
                    .formatted(
                        r.getName(), r.getTTL(), Type.string(r.getType()), r.rdataToString()))
        .toList();
  }

  static List<String> authority(Message answer) {
    return answer.getSection(Section.AUTHORITY).stream()
        .map(r -> "%s %d %s".formatted(r.getName(), r.getTTL(), Type.string(r.getType())))
        .toList();
  }
}
