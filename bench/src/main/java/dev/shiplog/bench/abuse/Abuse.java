package dev.shiplog.bench.abuse;

import dev.shiplog.bench.report.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/** One client that does one thing as often as it can, until it is stopped. */
final class Abuse {

  private static final int TOO_MANY = 429;
  private static final int DROP_MS = 500;

  private final int times;
  private final Act act;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong cutOff = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();

  private Abuse(int times, Act act) {
    this.times = times;
    this.act = act;
  }

  /** What is done. */
  enum Kind {
    NOTHING("(nobody)", 0, 1),
    LISTS("lists everything, 500 at a time", 500, 1),
    CREATIONS("creates objects, 200 at a time", 200, 1),
    LARGE_BODIES("sends 2 MiB that are no object, 100 at a time", 100, 1),
    SLOW_BODIES("300 bodies, a byte at a time", 300, 5),
    SLOW_HEADS("300 heads, a byte at a time", 300, 3);

    private final String title;
    private final int times;
    private final int phases;

    Kind(String title, int times, int phases) {
      this.title = title;
      this.times = times;
      this.phases = phases;
    }

    String title() {
      return title;
    }

    /** How many phases it needs to show what becomes of it. */
    int phases() {
      return phases;
    }
  }

  /** Something that is done again and again; the answer's code, or 0 for none. */
  interface Act {
    int run() throws IOException, InterruptedException;
  }

  static Abuse of(Kind kind, Client client, int port, String token)
      throws GeneralSecurityException {
    Act act =
        switch (kind) {
          case NOTHING -> () -> 0;
          case LISTS -> () -> client.ask("GET", Accounts.MAPS, "");
          case CREATIONS -> {
            String map = Accounts.map("\"generateName\":\"bad-\"", 1024);
            yield () -> client.ask("POST", Accounts.MAPS, map);
          }
          case LARGE_BODIES -> {
            String body = "[".repeat(2 << 20);
            yield () -> client.ask("POST", Accounts.MAPS, body);
          }
          case SLOW_BODIES -> dripping(port, head(token) + "\r\n{");
          case SLOW_HEADS -> dripping(port, head(token) + "X-Slow: ");
        };
    return new Abuse(kind.times, act);
  }

  private static String head(String token) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 10000\r\n"
        .formatted(Accounts.MAPS, token);
  }

  private static Act dripping(int port, String head) throws GeneralSecurityException {
    SSLContext tls = Client.trustingAll();
    return () -> drip(tls, port, head);
  }

  /** Until the other side has enough. */
  private static int drip(SSLContext tls, int port, String head)
      throws IOException, InterruptedException {
    try (Socket socket =
        tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      while (true) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(DROP_MS));
        socket.getOutputStream().write(' ');
      }
    }
  }

  long answered() {
    return answered.get();
  }

  long refused() {
    return refused.get();
  }

  long cutOff() {
    return cutOff.get();
  }

  void start() {
    for (int i = 0; i < times; i++) {
      threads.add(Thread.ofVirtual().start(this::repeat));
    }
  }

  private void repeat() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        int code = act.run();
        (code == TOO_MANY ? refused : answered).incrementAndGet();
      } catch (IOException e) {
        cutOff.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
