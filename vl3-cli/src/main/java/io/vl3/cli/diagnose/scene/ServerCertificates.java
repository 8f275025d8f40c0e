package io.vl3.cli.diagnose.scene;

import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificates that a TLS server shows to whoever connects, whether they can be trusted or not.
 */
final class ServerCertificates {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private ServerCertificates() {}

  /**
   * Begins a handshake until the server has shown its chain, and breaks it off. Blocks for two
   * seconds at most.
   *
   * @return the chain, the server's own certificate first
   * @throws IOException if it shows none: nobody listens, or it speaks no TLS
   */
  static List<X509Certificate> at(TransportUrl url) throws IOException {
    Timer timer = new Timer("vl3-handshake", true);
    try (SocketChannel channel = open(url)) {
      timer.schedule(ending(channel), PATIENCE.toMillis());
      channel.connect(address(url));
      Shown shown = new Shown();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {shown}, null);
      new Handshake(channel, engine(context), shown).run();
      if (shown.chain.isEmpty()) {
        throw new IOException("no certificate was shown");
      }
      return shown.chain;
    } catch (GeneralSecurityException missing) {
      throw new IOException(missing);
    } finally {
      timer.cancel();
    }
  }

  private static SocketChannel open(TransportUrl url) throws IOException {
    return url instanceof TransportUrl.Unix
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }

  private static SocketAddress address(TransportUrl url) {
    return url instanceof TransportUrl.Unix unix
        ? UnixDomainSocketAddress.of(unix.path())
        : new InetSocketAddress(((TransportUrl.Tcp) url).host(), ((TransportUrl.Tcp) url).port());
  }

  private static TimerTask ending(SocketChannel channel) {
    return new TimerTask() {
      @Override
      public void run() {
        try {
          channel.close();
        } catch (IOException closedAlready) {
          cancel();
        }
      }
    };
  }

  private static SSLEngine engine(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Steps of the handshake, until the chain is there. */
  private static final class Handshake {

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final Shown shown;
    private final ByteBuffer none = ByteBuffer.allocate(0);
    private final ByteBuffer received;
    private final ByteBuffer plain;
    private final ByteBuffer sent;

    Handshake(SocketChannel channel, SSLEngine engine, Shown shown) {
      this.channel = channel;
      this.engine = engine;
      this.shown = shown;
      int size = engine.getSession().getPacketBufferSize();
      received = ByteBuffer.allocate(4 * size);
      sent = ByteBuffer.allocate(size);
      plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    }

    void run() throws IOException {
      engine.beginHandshake();
      try {
        while (shown.chain.isEmpty() && step()) {
          plain.clear();
        }
      } catch (SSLException brokenOff) {
        if (shown.chain.isEmpty()) {
          throw brokenOff;
        }
      }
    }

    private boolean step() throws IOException {
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> send();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> receive();
        case NEED_TASK -> engine.getDelegatedTask().run();
        default -> {
          return false;
        }
      }
      return true;
    }

    private void send() throws IOException {
      sent.clear();
      engine.wrap(none, sent);
      sent.flip();
      while (sent.hasRemaining()) {
        channel.write(sent);
      }
    }

    private void receive() throws IOException {
      received.flip();
      SSLEngineResult result = engine.unwrap(received, plain);
      received.compact();
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW
          && channel.read(received) < 0) {
        throw new IOException("the server ended the connection");
      }
    }
  }

  /** Notes what is shown. */
  private static final class Shown extends X509ExtendedTrustManager {

    private volatile List<X509Certificate> chain = List.of();

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type) {
      chain = List.of(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type, Socket socket) {
      chain = List.of(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type, SSLEngine engine) {
      chain = List.of(shown);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
