package dev.shiplog.agent.dns;

import dev.shiplog.agent.proxy.ServiceView;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * Serves names over UDP and TCP. Each question is answered on a virtual thread of its own, up to a
 * number; more are dropped, and their clients ask again.
 */
public final class DnsServer implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(DnsServer.class);
  private static final int MOST_QUESTIONS = 1_000;
  private static final int LARGEST_QUERY = 4_096;
  private static final int WITHOUT_EDNS = 512;
  private static final int WITH_EDNS = 1_232;
  private static final int LARGEST_MESSAGE = 65_535;
  private static final int IDLE_MS = 10_000;
  private static final int BACKLOG = 128;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(MOST_QUESTIONS);
  private final NameService names;
  private final DatagramSocket udp;
  private final ServerSocket tcp;

  private DnsServer(NameService names, DatagramSocket udp, ServerSocket tcp) {
    this.names = names;
    this.udp = udp;
    this.tcp = tcp;
  }

  /**
   * Starts a server.
   *
   * @param address where it listens; port 0 picks a free one
   * @param domain of the cluster, for example {@code cluster.local}
   * @param views services as they are now; empty until they are known
   * @param resolvConf names who is asked about other names
   * @throws IOException if it cannot listen there
   */
  public static DnsServer start(
      InetSocketAddress address,
      String domain,
      Supplier<Optional<ServiceView>> views,
      Path resolvConf)
      throws IOException {
    NameService names = new NameService(zone(domain), views, new HostNameServers(resolvConf));
    ServerSocket tcp = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
    try {
      DatagramSocket udp =
          new DatagramSocket(new InetSocketAddress(address.getAddress(), tcp.getLocalPort()));
      DnsServer server = new DnsServer(names, udp, tcp);
      server.threads.execute(server::receive);
      server.threads.execute(server::accept);
      return server;
    } catch (IOException e) {
      tcp.close();
      throw e;
    }
  }

  /** The port it listens on. */
  public int port() {
    return tcp.getLocalPort();
  }

  @Override
  public void close() {
    udp.close();
    closeQuietly(tcp);
    threads.shutdownNow();
  }

  private static Name zone(String domain) {
    try {
      return Name.fromString(domain, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("no domain: " + domain, e);
    }
  }

  private void receive() {
    byte[] buffer = new byte[LARGEST_QUERY];
    while (!udp.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        udp.receive(packet);
        byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
        var client = (InetSocketAddress) packet.getSocketAddress();
        ifThereIsRoom(() -> answer(query, client));
      } catch (IOException e) {
        // Closed, or a client's machine refused an answer; the next one may be fine.
        LOG.tracef("receiving failed: %s", e.getMessage());
      }
    }
  }

  private void answer(byte[] query, InetSocketAddress client) {
    try {
      Message asked = new Message(query);
      int most =
          asked.getOPT() == null
              ? WITHOUT_EDNS
              : Math.clamp(asked.getOPT().getPayloadSize(), WITHOUT_EDNS, WITH_EDNS);
      byte[] answer = names.answer(asked).toWire(most);
      udp.send(new DatagramPacket(answer, answer.length, client));
    } catch (IOException e) {
      LOG.debugf("a question of %s was not answered: %s", client, e.getMessage());
    }
  }

  private void accept() {
    while (!tcp.isClosed()) {
      try {
        Socket client = tcp.accept();
        if (!ifThereIsRoom(() -> converse(client))) {
          closeQuietly(client);
        }
      } catch (IOException e) {
        LOG.tracef("accepting failed: %s", e.getMessage());
      }
    }
  }

  /** One question after another, each behind its length. */
  private void converse(Socket client) {
    try (client;
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream())) {
      client.setSoTimeout(IDLE_MS);
      while (true) {
        Message asked = new Message(in.readNBytes(in.readUnsignedShort()));
        byte[] answer = names.answer(asked).toWire(LARGEST_MESSAGE);
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
      }
    } catch (IOException e) {
      LOG.tracef("a client is done: %s", e.getMessage());
    }
  }

  private boolean ifThereIsRoom(Runnable task) {
    if (!room.tryAcquire()) {
      return false;
    }
    threads.execute(() -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("a question about names failed", e);
      } finally {
        room.release();
      }
    });
    return true;
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      LOG.tracef("closing failed: %s", e.getMessage());
    }
  }
}
